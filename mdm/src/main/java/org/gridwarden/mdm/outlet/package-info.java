/** What is plugged into power strips: where it is, whether it is in use, and what it takes. */
@NullMarked
package org.gridwarden.mdm.outlet;

import org.jspecify.annotations.NullMarked;
