/** The office's certificates: its authority, what it issues, and whom it takes at its ports. */
@NullMarked
package org.gridwarden.security.certificate;

import org.jspecify.annotations.NullMarked;
