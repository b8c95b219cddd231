package org.gridwarden.core;

import java.util.Arrays;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;

/**
 * A meter's day of slots in one channel; slots that are not known are {@link Quality#MISSING}.
 * Holds its arrays without copying, for the store's hot path: whoever hands one over gives it up.
 *
 * @param meter whose
 * @param channel what was measured
 * @param layer raw or final
 * @param day which day and how it is cut
 * @param scaler the exponent of ten that each value carries
 * @param unit the unit that each value carries
 * @param values one value a slot; what stands where a slot is missing means nothing
 * @param quality one byte a slot, or of length 0 where all are good
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record IntervalBlock(
    MeterId meter,
    ObisCode channel,
    Layer layer,
    Day day,
    int scaler,
    Unit unit,
    long[] values,
    byte[] quality) {
  /**
   * @throws IllegalArgumentException where the arrays do not have the day's length
   */
  public IntervalBlock {
    if (values.length != day.slots() || quality.length != 0 && quality.length != day.slots()) {
      throw new IllegalArgumentException(
          "a block of "
              + day.slots()
              + " slots got "
              + values.length
              + " values and "
              + quality.length
              + " qualities");
    }
  }

  /** The quality of a slot. */
  public byte qualityOf(int slot) {
    return quality.length == 0 ? Quality.GOOD : quality[slot];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntervalBlock that
        && meter.equals(that.meter)
        && channel.equals(that.channel)
        && layer == that.layer
        && day.equals(that.day)
        && scaler == that.scaler
        && unit == that.unit
        && Arrays.equals(values, that.values)
        && Arrays.equals(quality, that.quality);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * meter.hashCode() + channel.hashCode()) + day.hashCode();
  }

  @Override
  public String toString() {
    return meter + " " + channel + " " + layer + " " + day.date();
  }
}
