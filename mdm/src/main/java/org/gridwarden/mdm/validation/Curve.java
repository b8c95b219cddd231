package org.gridwarden.mdm.validation;

import java.util.Arrays;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;

/**
 * One channel of one meter on a timeline: a value and a quality a slot. Holds its arrays without
 * copying, for speed: whoever hands them over gives them up. Not thread-safe while its arrays are
 * written.
 *
 * @param time when
 * @param unit what the values are: an energy (kWh and its like), or a power as the slot's average
 * @param scaler the exponent of ten that each value carries
 * @param values one a slot; what stands where a slot is missing means nothing
 * @param quality one byte a slot, as in {@link Quality}
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
public record Curve(Timeline time, Unit unit, int scaler, long[] values, byte[] quality) {
  /**
   * @throws IllegalArgumentException where the arrays do not have the timeline's length
   */
  public Curve {
    if (values.length != time.slots() || quality.length != time.slots()) {
      throw new IllegalArgumentException(
          "a curve of "
              + time.slots()
              + " slots got "
              + values.length
              + " values and "
              + quality.length
              + " qualities");
    }
  }

  /** Whether nothing is known of a slot. */
  public boolean missing(int slot) {
    return (quality[slot] & Quality.MISSING) != 0;
  }

  /** How many missing slots there are from one to another, exclusive. */
  public int missing(int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += (quality[i] & 0x80) >>> 7;
    }
    return count;
  }

  /** What a raw value of 1 is in kWh (or kvarh) a slot. */
  public double kiloHours() {
    double factor = Math.pow(10, scaler) / 1000;
    return isPower() ? factor * time.stepSeconds() / 3600 : factor;
  }

  /** What a raw value of 1 is in average kW (or kvar). */
  public double kilos() {
    double factor = Math.pow(10, scaler) / 1000;
    return isPower() ? factor : factor * 3600 / time.stepSeconds();
  }

  private boolean isPower() {
    return unit == Unit.WATT || unit == Unit.VAR || unit == Unit.VOLT_AMPERE;
  }

  /** The same with arrays of its own. */
  public Curve copy() {
    return new Curve(time, unit, scaler, values.clone(), quality.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Curve that
        && time == that.time
        && unit == that.unit
        && scaler == that.scaler
        && Arrays.equals(values, that.values)
        && Arrays.equals(quality, that.quality);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "a curve of " + values.length + " slots from " + time.startOf(0);
  }
}
