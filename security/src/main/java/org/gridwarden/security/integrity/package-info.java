/** Fingerprints of what is stored, signed and chained, so that a change behind our back shows. */
@NullMarked
package org.gridwarden.security.integrity;

import org.jspecify.annotations.NullMarked;
