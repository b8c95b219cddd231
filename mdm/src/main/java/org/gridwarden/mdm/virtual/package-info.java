/** Meters that nobody put up: sums, differences and losses of others, by formulas that are data. */
@NullMarked
package org.gridwarden.mdm.virtual;

import org.jspecify.annotations.NullMarked;
