/** Files of readings, whatever their form, and how they are taken in: all of a file, or nothing. */
@NullMarked
package org.gridwarden.exchange.load;

import org.jspecify.annotations.NullMarked;
