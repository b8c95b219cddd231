/** A model of IEEE 802.15.4 at 2.4 GHz: airtime, collisions, loss, CSMA-CA, acknowledgements. */
@NullMarked
package org.gridwarden.simulator.zigbee.radio;

import org.jspecify.annotations.NullMarked;
