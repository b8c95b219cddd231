/** How many Zigbee meters one network bears, by the software model. */
@NullMarked
package org.gridwarden.bench.zigbee;

import org.jspecify.annotations.NullMarked;
