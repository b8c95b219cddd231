/** Zigbee: a coordinator on a serial port, and the meters of its network. */
@NullMarked
package org.gridwarden.channel.zigbee;

import org.jspecify.annotations.NullMarked;
