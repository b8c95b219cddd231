package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.QUARTER;
import static org.gridwarden.store.Messages.block;
import static org.gridwarden.store.Messages.counted;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.gridwarden.core.Day;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/** Anybody's SQL and our own reading say the same, wherever a slot stands at the moment. */
class ViewIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  // of 92, 96 and 100 quarters
  private static final List<String> DATES = List.of("2026-03-29", "2026-06-10", "2026-10-25");

  private final Store store = SharedStore.store();

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  @Label("the view equals Readings: blocks and landing, short and long days, wide values, flags")
  void viewIsReadings(@ForAll long seed) {
    Random random = new Random(seed);
    MeterId meter = SharedStore.meter(ZURICH);
    List<Received> messages = new ArrayList<>();
    for (int n = 1; n <= 12; n++) {
      messages.add(
          counted(meter, n, random.nextBoolean() ? wholeDay(meter, random) : few(meter, random)));
    }
    store.intake().commit(messages.subList(0, 6));
    if (random.nextBoolean()) {
      store.folding().fold();
    }
    store.intake().commit(messages.subList(6, 12));

    List<String> expected = new ArrayList<>();
    try (var slots = store.readings().slots(meter, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
      slots.forEach(s ->
          expected.add(
              s.start().getEpochSecond()
                  + " "
                  + s.start().plus(s.length()).getEpochSecond()
                  + " "
                  + s.value().raw()
                  + " "
                  + (s.quality() & 0xFF)));
    }
    assertThat(expected).isNotEmpty();
    assertThat(
            SharedStore.texts(
                "SELECT extract(epoch FROM start)::bigint || ' ' || extract(epoch FROM \"end\")::bigint"
                    + " || ' ' || raw || ' ' || quality FROM interval_reading WHERE meter_id = '"
                    + meter
                    + "' AND layer = 'raw' ORDER BY start"))
        .isEqualTo(expected);
  }

  @Example
  @Label("a slot in landing right after a day with flags, of which its own day has no row yet")
  void theFirstSlotOfTheNextDay() {
    MeterId meter = SharedStore.meter(ZURICH);
    byte[] quality = new byte[96];
    quality[95] = Quality.ESTIMATED;
    store
        .intake()
        .commit(
            List.of(
                counted(
                    meter,
                    1,
                    Messages.blocks(
                        block(meter, "2026-06-10", ZURICH, Messages.values(96, 1), quality))),
                counted(
                    meter, 2, Messages.slots(meter, Messages.slot("2026-06-10T22:00:00Z", 7)))));
    assertThat(
            SharedStore.texts(
                "SELECT count(*) || ' ' || max(start) FILTER (WHERE raw = 7 AND start >="
                    + " '2026-06-10T22:00:00Z')::timestamptz AT TIME ZONE 'UTC'"
                    + " FROM interval_reading WHERE meter_id = '"
                    + meter
                    + "'"))
        .containsExactly("97 2026-06-10 22:00:00");
  }

  private static org.gridwarden.core.Message wholeDay(MeterId meter, Random random) {
    String date = DATES.get(random.nextInt(DATES.size()));
    int slots = Day.of(LocalDate.parse(date), ZURICH, QUARTER).slots();
    long[] values = new long[slots];
    byte[] quality = new byte[slots];
    for (int i = 0; i < slots; i++) {
      values[i] = random.nextInt(50) == 0 ? random.nextLong() >> 8 : random.nextInt(500);
      quality[i] =
          switch (random.nextInt(6)) {
            case 0 -> Quality.MISSING;
            case 1 -> Quality.ESTIMATED;
            case 2 -> Quality.UNAUTHENTICATED;
            default -> Quality.GOOD;
          };
    }
    return Messages.blocks(block(meter, date, ZURICH, values, quality));
  }

  private static org.gridwarden.core.Message few(MeterId meter, Random random) {
    LocalDate date = LocalDate.parse(DATES.get(random.nextInt(DATES.size())));
    Slot[] slots = new Slot[1 + random.nextInt(6)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] =
          new Slot(
              ENERGY,
              date.atStartOfDay(ZURICH).toInstant().plus(QUARTER.multipliedBy(random.nextInt(92))),
              QUARTER,
              new ScaledValue(random.nextInt(500), 0, Unit.WATT_HOUR),
              random.nextInt(3) == 0 ? Quality.UNAUTHENTICATED : Quality.GOOD);
    }
    return Messages.slots(meter, slots);
  }
}
