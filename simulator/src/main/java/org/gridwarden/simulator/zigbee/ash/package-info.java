/** ASH, the framing on the serial line of EZSP: the dongle's end. */
@NullMarked
package org.gridwarden.simulator.zigbee.ash;

import org.jspecify.annotations.NullMarked;
