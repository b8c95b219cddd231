package org.gridwarden.exchange.export;

import java.time.Instant;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;

/**
 * A time of a meter.
 *
 * @param from inclusive
 * @param to exclusive
 * @param layer raw, or final: what validation and people put in the place of raw values
 */
public record ExportPart(Meter meter, Instant from, Instant to, Layer layer) {}
