package org.gridwarden.exchange.export;

import org.gridwarden.cosem.ObisCode;
import org.gridwarden.exchange.Measure;

/**
 * A channel that others have words for.
 *
 * @param seconds an interval's length
 * @param scaler the smallest of all its values: each is held exactly
 */
public record ExportChannel(Measure measure, ObisCode obis, int seconds, int scaler) {}
