package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.core.Day;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.vee.SlotEdits;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.SlotVersions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the meter doubts, and what was changed behind the office's back, is not billed. */
class BlockedBillIT {
  private static final LocalDate FROM = LocalDate.of(2026, 10, 1);
  private static final Period THREE_DAYS = new Period(FROM, FROM.plusDays(3));

  @TempDir private static Path folder;
  private static BillField field;
  private static int tests;

  private final int test = ++tests;
  private final String point = "SP-" + test;
  private MeterId meter;

  @BeforeAll
  static void open() throws Exception {
    field = new BillField(folder, Instant.parse("2026-11-03T05:00:00Z"));
    field.tariffs.put(
        "flat",
        "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}");
  }

  @AfterAll
  static void close() {
    field.close();
  }

  @BeforeEach
  void measure() {
    meter = field.meter("M" + test, point);
    field.supply("A" + test, point, "flat", LocalDate.of(2026, 9, 1));
    field.measure(meter, FROM, FROM.plusDays(2), 250);
  }

  private BillBook.Blocked blocked() {
    BillBook.Run run = field.bill(THREE_DAYS, point);
    assertThat(run.billed()).isZero();
    return field.blocked(run);
  }

  private void doubtful(byte quality) {
    Day day = Day.of(FROM.plusDays(2), BillField.ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] its = new byte[day.slots()];
    Arrays.fill(values, 250);
    its[9] = quality;
    field.merge(meter, BillField.ENERGY, day, values, its);
  }

  @Test
  void aSlotThatTheMeterDoubtsHoldsItsBillUpUntilAPersonSaysWhatItWas() throws Exception {
    doubtful(Quality.DOUBTFUL);
    Instant slot = BillField.start(FROM.plusDays(2)).plusSeconds(9 * 900);

    BillBook.Blocked blocked = blocked();

    assertThat(blocked.reason()).isEqualTo("doubtful");
    assertThat(blocked.detail())
        .contains("meter " + meter + ", slot " + slot)
        .contains("doubted by the meter");
    var unused =
        field
            .store
            .unitOfWork()
            .call(tx -> {
              new SlotEdits(field.store.slotVersions(), field.time::get)
                  .set(
                      tx,
                      meter,
                      new SlotVersions.Channel(
                          BillField.ENERGY, Duration.ofMinutes(15), Unit.WATT_HOUR, 0),
                      slot,
                      List.of(250L),
                      BillField.BERTA,
                      "read by eye");
              return 0;
            });
    assertThat(field.bill(THREE_DAYS, point).billed()).isEqualTo(1);
    assertThat(field.verify(point).findings()).isEmpty();
  }

  @Test
  void aSlotUnderAClockThatIsWrongIsDoubtfulToo() {
    doubtful(Quality.CLOCK_INVALID);

    assertThat(blocked().reason()).isEqualTo("doubtful");
  }

  @Test
  @DisplayName("With an open alarm that stored values were changed nothing of the meter is billed")
  void whatWasChangedBehindTheOfficesBackIsNotBilled() {
    field.measure(meter, FROM.plusDays(2), FROM.plusDays(3), 250);
    alarm();

    BillBook.Blocked blocked = blocked();

    assertThat(blocked.reason()).isEqualTo("integrity");
    assertThat(blocked.detail())
        .contains("meter " + meter + " has an alarm that stored values were changed");
    field.sql("UPDATE alarm SET closed = now()");
    assertThat(field.bill(THREE_DAYS, point).billed()).isEqualTo(1);
  }

  /** As the office's own watch raises it. */
  private void alarm() {
    field.sql(
        "INSERT INTO alarm (first, last, raised, changed, meter, severity, sources, lasting, word,"
            + " text) SELECT now(), now(), now(), now(), id, 3, 4, false, 'integrity.changed',"
            + " 'Stored values of 2026-10-01 were changed.' FROM meter WHERE meter_id = '"
            + meter
            + "'");
  }
}
