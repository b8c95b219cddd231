package org.gridwarden.core;

import java.time.Duration;
import java.time.Instant;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;

/**
 * One interval's quantity.
 *
 * @param channel what was measured
 * @param start when the interval began (DLMS stamps its end: the channel has turned it round)
 * @param length how long it lasted, whole seconds
 * @param value how much, over the whole interval
 * @param quality see {@link Quality}
 */
public record Slot(
    ObisCode channel, Instant start, Duration length, ScaledValue value, byte quality) {}
