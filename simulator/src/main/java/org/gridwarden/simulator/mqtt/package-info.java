/** Virtual meters that speak MQTT. */
@NullMarked
package org.gridwarden.simulator.mqtt;

import org.jspecify.annotations.NullMarked;
