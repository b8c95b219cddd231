/** What the MQTT endpoint takes in, beside a broker that only forwards. */
@NullMarked
package org.gridwarden.bench.mqtt;

import org.jspecify.annotations.NullMarked;
