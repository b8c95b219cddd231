/** A software model of a Zigbee network, its coordinator's serial port and its meters; no radio. */
@NullMarked
package org.gridwarden.simulator.zigbee;

import org.jspecify.annotations.NullMarked;
