package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.proof.Verdict;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.VirtualMeterBook;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Virtual meters that are stored: read, billed, and proved by their meters' readings. */
class VirtualBillIT {
  private static final LocalDate FROM = LocalDate.of(2026, 10, 1);
  private static final LocalDate TO = LocalDate.of(2026, 10, 4);

  @TempDir private static Path folder;
  private static BillField field;
  private static VirtualReadings virtuals;
  private static MeterId main;
  private static MeterId flat;

  @BeforeAll
  static void open() throws Exception {
    field = new BillField(folder, Instant.parse("2026-11-03T05:00:00Z"));
    field.tariffs.put(
        "flat",
        "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}");
    virtuals = new VirtualReadings(field.store);
    main = field.meter("main", "SP-main");
    flat = field.meter("flat-1", "SP-flat");
    field.measure(main, FROM, TO, 1_000);
    field.measure(flat, FROM, TO, 400);
  }

  @AfterAll
  static void close() {
    field.close();
  }

  private void make(String id, String point, String formula) {
    virtuals.make(
        new VirtualMeterBook.Virtual(
            id, BillField.ZURICH, point, formula, Instant.EPOCH, "", Optional.empty()),
        BillField.BERTA);
  }

  @Test
  void aDifferenceWithLossesIsReadAndBilledAndItsProofHolds() throws Exception {
    make("rest", "", "main - flat-1");
    make("common", "SP-common", "1.025 * rest");
    field.supply("A1", "SP-common", "flat", LocalDate.of(2026, 9, 1));

    Load load = virtuals.read("common", FROM, TO);
    // 0.6 kWh times 1.025 a quarter-hour
    assertThat(load.values()).hasSize(3 * 96).containsOnly(615_000L);
    assertThat(load.scale()).isEqualTo(6);

    BillBook.Run run = field.bill(new Period(FROM, TO), "SP-common");
    assertThat(run.billed()).isEqualTo(1);
    // 288 x 0.615 kWh x 0.20
    assertThat(run.totals()).isEqualTo("CHF 35.42");
    Verdict verdict = field.verify("SP-common");
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.days()).isEqualTo(6);
    assertThat(verdict.bill().times())
        .extracting(t -> t.meter() + " " + t.factor().orElseThrow().toPlainString())
        .containsExactly("main 1.025", "flat-1 -1.025");
  }

  @Test
  void whereAPartIsUnknownItIsUnknownAndNotBilled() {
    make("other", "SP-rest", "main - flat-1");
    field.supply("A2", "SP-rest", "flat", LocalDate.of(2026, 9, 1));
    field.measure(main, TO, TO.plusDays(1), 1_000);
    field.measureWithout(flat, TO, 400, 8, 10);
    field.measure(main, TO.plusDays(1), TO.plusDays(2), 1_000); // of the flat nothing at all

    Load load = virtuals.read("other", TO, TO.plusDays(2));
    assertThat(load.values()[7]).isEqualTo(600);
    assertThat(load.values()[8]).isEqualTo(Load.MISSING);
    assertThat(load.values()[96]).isEqualTo(Load.MISSING);

    BillBook.Run run = field.bill(new Period(FROM, TO.plusDays(1)), "SP-rest");
    assertThat(run.billed()).isZero();
    assertThat(field.blocked(run).reason()).isEqualTo("missing");
    assertThat(field.blocked(run).detail())
        .contains("meter flat-1 has no value from")
        .contains("(2 slots in all)");
    run = field.bill(new Period(FROM, TO.plusDays(2)), "SP-rest");
    assertThat(field.blocked(run).detail()).contains("meter flat-1").contains("(98 slots in all)");
  }

  @Test
  void whatMakesNoSenseIsNotMade() {
    assertThatThrownBy(() -> make("v", "", "main - - flat-1"))
        .hasMessageContaining("a meter's name is expected");
    assertThatThrownBy(() -> make("v", "", "main - nobody"))
        .hasMessageContaining("meter nobody is not known");
    assertThatThrownBy(() -> make("v", "", "main - main")).hasMessageContaining("comes to nothing");
    assertThatThrownBy(() -> make("main", "", "flat-1")).hasMessageContaining("was put up");
    assertThatThrownBy(() -> make("v", "SP-flat", "main"))
        .hasMessageContaining("has a meter of its own");
    make("v", "", "main + flat-1");
    assertThatThrownBy(() -> make("v", "", "main")).hasMessageContaining("never change");
    make("w", "", "v + main");
    assertThat(field.store.virtualMeters().all("rez"))
        .extracting(VirtualMeterBook.Virtual::formula)
        .containsExactly("main + flat-1", "v + main");
    assertThat(virtuals.read("w", FROM, TO).values()[0]).isEqualTo(2_400);
    assertThat(field.store.virtualMeters().end("v", BillField.BERTA)).isTrue();
    assertThat(field.store.virtualMeters().end("v", BillField.BERTA)).isFalse();
  }
}
