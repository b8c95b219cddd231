package org.gridwarden.simulator;

import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Data;

/**
 * What a meter is set to and calibrated with, as the office reads it: nobody sets it from afar, and
 * whoever gets at it changes it: each time that a meter senses so, a constant is another one.
 */
final class MeterConstants {
  /** Impulses of its test output a kilowatt-hour (Blue Book, clause 7.3: 1.b.0.3.0). */
  private static final ObisCode PULSES = ObisCode.parse("1.0.0.3.0.255");

  /** The ratio of its current transformers: 1.b.0.4.2. */
  private static final ObisCode RATIO = ObisCode.parse("1.0.0.4.2.255");

  /** The gain of its measuring element in millionths; in the maker's own range. */
  private static final ObisCode GAIN = ObisCode.parse("1.0.128.67.65.255");

  private static final int USUAL_GAIN = 1_000_000;
  private static final int BENT = 20_000;

  private MeterConstants() {}

  static List<CosemObject> of(Supplier<List<Senses.Logged>> sensed) {
    return List.of(
        new Data(PULSES, () -> new DlmsData.DoubleLongUnsigned(1_000)),
        new Data(
            RATIO, () -> new DlmsData.DoubleLongUnsigned(1 + times(sensed.get(), "configuration"))),
        new Data(
            GAIN,
            () ->
                new DlmsData.DoubleLongUnsigned(
                    USUAL_GAIN - BENT * times(sensed.get(), "calibration"))));
  }

  private static long times(List<Senses.Logged> sensed, String word) {
    return sensed.stream().filter(entry -> entry.sense().word().equals(word)).count();
  }
}
