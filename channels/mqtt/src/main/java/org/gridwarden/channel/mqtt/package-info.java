/** Meters over MQTT 3.1.1 and 5: an endpoint of our own, no broker. */
@NullMarked
package org.gridwarden.channel.mqtt;

import org.jspecify.annotations.NullMarked;
