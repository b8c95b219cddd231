/** What is plugged into a power strip's outlets: a software model of appliances. */
@NullMarked
package org.gridwarden.simulator.zigbee.strip;

import org.jspecify.annotations.NullMarked;
