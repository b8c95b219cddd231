package org.gridwarden.exchange.export;

/**
 * One interval.
 *
 * @param start epoch second
 * @param value in the channel's unit and scaler
 * @param quality see {@link org.gridwarden.core.Quality}; what is held is doubtful
 */
public record ExportSlot(long start, long value, byte quality) {}
