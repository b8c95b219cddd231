/** A software model of an XBee module in API mode 2. */
@NullMarked
package org.gridwarden.simulator.zigbee.xbee;

import org.jspecify.annotations.NullMarked;
