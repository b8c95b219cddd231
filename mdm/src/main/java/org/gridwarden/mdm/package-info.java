/** Meter data management: what is made of readings once they are stored. */
@NullMarked
package org.gridwarden.mdm;

import org.jspecify.annotations.NullMarked;
