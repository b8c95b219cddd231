package org.gridwarden.exchange.load;

import org.gridwarden.core.Meter;
import org.gridwarden.exchange.Measure;

/**
 * One meter's intervals of one kind, in order of time, on one grid, each once.
 *
 * @param seconds an interval's length
 * @param scaler value = raw * 10^scaler, in the measure's unit
 * @param derived whether energy was reckoned of average power
 */
record Series(
    Meter meter, Measure measure, int seconds, int scaler, boolean derived, Points points) {}
