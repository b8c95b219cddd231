/** EZSP version 4: the dongle's end. */
@NullMarked
package org.gridwarden.simulator.zigbee.ezsp;

import org.jspecify.annotations.NullMarked;
