/** A model of Zigbee PRO's network and application support layers, with their security. */
@NullMarked
package org.gridwarden.simulator.zigbee.net;

import org.jspecify.annotations.NullMarked;
