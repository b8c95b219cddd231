/** The channels that simulated meters know, in one table. */
@NullMarked
package org.gridwarden.simulator.channels;

import org.jspecify.annotations.NullMarked;
