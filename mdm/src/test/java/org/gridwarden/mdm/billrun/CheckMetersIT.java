package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.vee.FeederBalance;
import org.gridwarden.mdm.vee.NightRun;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.store.Companions;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Meters that are held against each other by the night run. */
class CheckMetersIT {
  private static final LocalDate FIRST = LocalDate.of(2026, 9, 1);
  private static final LocalDate LAST = LocalDate.of(2026, 10, 12); // day after the last

  @TempDir private static Path folder;
  private static BillField field;
  private static NightRun night;

  @BeforeAll
  static void open() throws Exception {
    field = new BillField(folder, Instant.parse("2026-10-13T05:00:00Z"));
    night = new NightRun(field.store, RuleBook.shipped(), field.time::get);
  }

  @AfterAll
  static void close() {
    field.close();
  }

  private NightRun.Outcome run(MeterId meter) {
    return night.run(meter, RuleBook.USUAL, BillField.ZURICH, LAST.minusDays(7), LAST);
  }

  private List<VeeException> open(MeterId meter, String rule) {
    return field
        .store
        .veeExceptions()
        .page(
            new VeeExceptions.Query(
                EnumSet.of(VeeException.State.OPEN),
                Set.of(rule),
                Optional.empty(),
                Optional.of(meter),
                FIRST,
                LAST,
                false),
            0,
            100)
        .items();
  }

  @Test
  @DisplayName("S13: a meter that shows less than its check meter is found by the night run")
  void checkMeter() {
    MeterId meter = field.meter("A", "SP-A");
    MeterId check = field.meter("A-check", "");
    field.measure(meter, FIRST, LAST.minusDays(1), 250);
    field.measure(check, FIRST, LAST, 251); // 0.4 % apart: within both meters' class
    field.measure(meter, LAST.minusDays(1), LAST, 235); // 6.4 %
    run(meter);
    assertThat(open(meter, "check-meter")).as("nothing says that it is one").isEmpty();

    field.store.companions().put(meter, check, Companions.Kind.CHECK, BillField.BERTA);
    run(meter);

    assertThat(open(meter, "check-meter"))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.what().day()).isEqualTo(LAST.minusDays(1));
          assertThat(found.what().measured()).isBetween(-6.5, -6.3);
        });
    assertThat(run(meter).opened()).as("again it is nothing new").isZero();
    field.store.companions().remove(meter, Companions.Kind.CHECK, BillField.BERTA);
    run(meter);
    assertThat(open(meter, "check-meter")).as("found no more").isEmpty();
  }

  @Test
  void aSiblingThatMovesApartIsFound() {
    MeterId one = field.meter("L1", "SP-L1");
    MeterId other = field.meter("L2", "SP-L2");
    field.measure(one, FIRST, LAST.minusDays(2), 2_500);
    field.measure(other, FIRST, LAST, 150);
    field.measure(one, LAST.minusDays(2), LAST, 2_500);
    field.sql(
        "UPDATE interval_block SET \"values\" = (SELECT array_agg(v * 13) FROM"
            + " unnest(\"values\") v) WHERE day = '"
            + LAST.minusDays(1)
            + "' AND meter = (SELECT id FROM meter WHERE meter_id = 'L1')");
    field.store.companions().put(one, other, Companions.Kind.SIBLING, BillField.BERTA);

    run(one);

    assertThat(open(one, "sibling"))
        .extracting(e -> e.what().day())
        .containsExactly(LAST.minusDays(1));
  }

  @Test
  @DisplayName(
      "S13: energy that a feeder lost past its meters is found, with its day and its share")
  void feeder() {
    MeterId whole = field.meter("F-meter", "");
    MeterId one = field.meter("F-one", "SP-1");
    MeterId two = field.meter("F-two", "SP-2");
    for (MeterId each : List.of(whole, one, two)) {
      field.store.meters().setFeeder(each, "F-1");
    }
    field.measure(whole, FIRST, LAST, 515); // 3 % are lost as ever
    field.measure(one, FIRST, LAST, 250);
    field.measure(two, FIRST, LAST.minusDays(3), 250);
    field.measure(two, LAST.minusDays(3), LAST.minusDays(1), 150); // taken past it
    field.measureWithout(two, LAST.minusDays(1), 250, 3, 5); // not known whole: not judged
    field.store.companions().feeder("F-1", whole, new BigDecimal("6"), BillField.BERTA);

    run(whole);

    assertThat(open(whole, FeederBalance.RULE))
        .extracting(e -> e.what().day())
        .containsExactly(LAST.minusDays(3), LAST.minusDays(2));
    assertThat(open(whole, FeederBalance.RULE).getFirst().what().measured())
        .isBetween(22.3, 22.4); // 115 of 515
    assertThat(open(whole, "high")).as("a feeder carries more than a house").isEmpty();
    assertThat(run(whole).opened()).isZero();
    List<FeederBalance.Day> days =
        new FeederBalance(field.store).days("F-1", LAST.minusDays(4), LAST);
    assertThat(days).extracting(FeederBalance.Day::known).containsExactly(true, true, true, false);
    assertThat(days.getFirst().supplied()).hasValue(515 * 96);
    assertThat(days.getFirst().delivered()).isEqualTo(500 * 96);
    assertThat(days.getLast().unknown()).isEqualTo(1);
    assertThatThrownBy(() -> new FeederBalance(field.store).days("F-9", FIRST, LAST))
        .hasMessageContaining("no meter measures all of F-9");
  }
}
