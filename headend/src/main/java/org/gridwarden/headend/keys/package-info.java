/** Meters' keys: changed by commands, watched, and given anew after a revocation. */
@NullMarked
package org.gridwarden.headend.keys;

import org.jspecify.annotations.NullMarked;
