/** From intervals to money: tariffs, billing determinants, bills. */
@NullMarked
package org.gridwarden.mdm.billing;

import org.jspecify.annotations.NullMarked;
