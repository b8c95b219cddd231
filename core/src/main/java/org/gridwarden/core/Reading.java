package org.gridwarden.core;

import java.time.Instant;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;

/**
 * One value at one instant.
 *
 * @param channel what was measured
 * @param at when, by the meter's clock
 * @param value how much
 * @param quality see {@link Quality}
 */
public record Reading(ObisCode channel, Instant at, ScaledValue value, byte quality) {}
