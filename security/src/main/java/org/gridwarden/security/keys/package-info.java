/** Keys on their way to meters, and where the office's own private key lies. */
@NullMarked
package org.gridwarden.security.keys;

import org.jspecify.annotations.NullMarked;
