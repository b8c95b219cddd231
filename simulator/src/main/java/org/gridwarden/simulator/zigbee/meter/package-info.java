/** Simulated Smart Energy meters: their clusters and how they live. */
@NullMarked
package org.gridwarden.simulator.zigbee.meter;

import org.jspecify.annotations.NullMarked;
