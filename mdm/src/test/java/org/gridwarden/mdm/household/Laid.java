package org.gridwarden.mdm.household;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToLongFunction;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.billrun.Tariffs;
import org.gridwarden.mdm.proof.TariffForms;

/** Loads in hours and Wh, and tariffs, that tests lay out. */
final class Laid {
  static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  static final OwnPoint POINT = new OwnPoint("Home 1", Instant.EPOCH, ZURICH);

  private Laid() {}

  /** Each hour's Wh by its civil time. */
  static Measured hours(LocalDate from, LocalDate to, ToLongFunction<LocalDateTime> wh) {
    Instant begin = POINT.start(from);
    int slots = (int) ((POINT.start(to).getEpochSecond() - begin.getEpochSecond()) / 3_600);
    long[] values = new long[slots];
    for (int i = 0; i < slots; i++) {
      values[i] = wh.applyAsLong(LocalDateTime.ofInstant(begin.plusSeconds(3_600L * i), ZURICH));
    }
    return new Measured(
        POINT, new Load("Home 1", begin, 3_600, values, 3, false), new BitSet(), List.of());
  }

  /** A tariff in our own form. */
  static Tariff tariff(String lines) {
    try {
      return new TariffForms()
          .read(
              ("gridwarden-tariff: 1\nname: Laid\ncurrency: CHF\nrounding: {lines: half-up}\n"
                      + lines)
                  .getBytes(StandardCharsets.UTF_8),
              sha256 -> java.util.Optional.empty());
    } catch (TariffException e) {
      throw new AssertionError(e);
    }
  }

  static List<TariffTerm> always(Tariff tariff, LocalDate from, LocalDate to) {
    return List.of(new TariffTerm(from, to, new Tariffs.Version("laid", 1, from, "00"), tariff));
  }
}
