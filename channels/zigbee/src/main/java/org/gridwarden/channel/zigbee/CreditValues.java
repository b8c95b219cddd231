package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/**
 * What the Prepayment cluster's attributes mean in core's words. Pure functions. The credit is
 * taken to be in hundredths of its currency; the office's own ledger knows what was paid.
 */
final class CreditValues {
  static final int CONFIGURATION = 0x0000;
  static final int CREDIT = 0x0001;
  static final int STATUS = 0x0003;

  /** The bit of the configuration that says that the meter is on prepayment. */
  private static final int ON_PREPAYMENT = 0b10;

  /** Credit 0's amount (class 112, DLMS UA Blue Book). */
  static final ObisCode REMAINING = ObisCode.parse("0.0.19.10.0.255");

  private CreditValues() {}

  static boolean onPrepayment(Attributes read) {
    OptionalLong configuration = read.get(CONFIGURATION);
    return configuration.isPresent() && (configuration.getAsLong() & ON_PREPAYMENT) != 0;
  }

  /** What is left. */
  static List<Message> remaining(MeterId meter, Attributes report, Instant now) {
    OptionalLong raw = report.get(CREDIT);
    return raw.isEmpty()
        ? List.of()
        : List.of(
            new Usage(
                meter,
                List.of(
                    new Reading(
                        REMAINING,
                        now,
                        new ScaledValue(raw.getAsLong(), -2, Unit.CURRENCY),
                        Quality.UNAUTHENTICATED)),
                List.of(),
                List.of(),
                List.of()));
  }
}
