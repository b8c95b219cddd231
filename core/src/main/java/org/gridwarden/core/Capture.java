package org.gridwarden.core;

import java.time.Duration;
import java.time.Instant;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;

/**
 * A cumulative register caught at the end of an interval. Two neighbours make the slot between
 * them.
 *
 * @param channel the cumulative register
 * @param slotChannel under which channel the differences are kept
 * @param at the interval's end
 * @param length the interval's length, whole seconds
 * @param value what the register stood at
 * @param modulus where the register rolls over to zero, in raw units; 0 where unknown
 * @param quality see {@link Quality}
 */
public record Capture(
    ObisCode channel,
    ObisCode slotChannel,
    Instant at,
    Duration length,
    ScaledValue value,
    long modulus,
    byte quality) {}
