package org.gridwarden.mdm.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractListAssert;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.proof.Verdict.Finding;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A bill with its proof holds, and whatever is changed in it is found, with its place. */
class BillVerifierTest {
  private ProofField field;
  private ObjectNode file;

  @BeforeEach
  void bill() throws Exception {
    field = new ProofField();
    file = field.file();
  }

  private ObjectNode document() {
    return (ObjectNode) file.path("bill");
  }

  private ObjectNode proof() {
    return (ObjectNode) file.path("proof");
  }

  /** The day of a date. */
  private ObjectNode day(int dayOfMonth) {
    return (ObjectNode) document().path("days").get(dayOfMonth - 1);
  }

  private ObjectNode line(int index) {
    return (ObjectNode)
        document().path("parts").get(0).path("months").get(0).path("lines").get(index);
  }

  private List<Finding> findings() throws ProofException {
    Verdict verdict = field.verify(file);
    assertThat(verdict.holds()).isFalse();
    return verdict.findings();
  }

  private static AbstractListAssert<?, ?, String, ?> places(List<Finding> findings) {
    return assertThat(findings.stream().map(Finding::where).toList());
  }

  @Test
  void anHonestBillHoldsAndItsLinesAreGraded() throws Exception {
    Verdict verdict = field.verify(file);

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.days()).isEqualTo(31);
    assertThat(verdict.messages()).isEqualTo(31 * 4);
    assertThat(verdict.checkpoint()).isPresent();
    // 30 days of 96 slots and one of 100; 12 October had a gap of four
    assertThat(verdict.lines())
        .filteredOn(g -> g.line().kind() == BillLine.Kind.ENERGY)
        .hasSize(2)
        .allSatisfy(g -> {
          assertThat(g.grade()).isEqualTo(Verdict.Grade.OFFICE_ATTESTED);
          assertThat(g.slots()).isEqualTo(30 * 96 + 100);
          assertThat(g.estimated()).isEqualTo(4);
          assertThat(g.edited()).isZero();
        });
    assertThat(verdict.lines())
        .filteredOn(g -> g.line().kind() == BillLine.Kind.FIXED)
        .extracting(Verdict.Graded::grade)
        .containsExactly(Verdict.Grade.NO_READINGS);
  }

  @Test
  void theFiguresAreThoseOfAPencil() throws Exception {
    // slots of a quarter-hour by the rule of the field, summed by hand: all of the month, and those
    // of
    // weekdays from 7 to 20
    long all = 0;
    long day = 0;
    for (DayRecord record : field.days) {
      boolean weekday = record.date().getDayOfWeek().getValue() < 6;
      for (int i = 0; i < record.slots().size(); i++) {
        all += record.slots().get(i).value();
        if (weekday && i >= 28 && i < 80) {
          day += record.slots().get(i).value();
        }
      }
    }
    BigDecimal night = cents(new BigDecimal(all - day).movePointLeft(3).multiply(dec("0.18")));
    BigDecimal dear = cents(new BigDecimal(day).movePointLeft(3).multiply(dec("0.30")));

    assertThat(document().path("total").asString())
        .isEqualTo(night.add(dear).add(dec("9.50")).toPlainString());
  }

  private static BigDecimal cents(BigDecimal amount) {
    return amount.setScale(2, java.math.RoundingMode.HALF_UP);
  }

  private static BigDecimal dec(String text) {
    return new BigDecimal(text);
  }

  @Test
  void oneAlteredSlotIsFoundWithItsDayItsSlotAndItsLine() throws Exception {
    ((ArrayNode) day(5).path("slots")).set(41, 9_999); // 10:15 on a Monday

    List<Finding> findings = findings();

    places(findings).first().isEqualTo("day 2026-10-05 of meter M1, slot 2026-10-05T08:15:00Z");
    places(findings).contains("2026-10, line 2 (Energy, period 1)", "2026-10, energy, in kWh");
    places(findings).doesNotContain("2026-10, line 1 (Energy, period 0)");
  }

  @Test
  void anEstimatePassedOffAsMeasuredIsFound() throws Exception {
    ((ArrayNode) day(12).path("slots")).set(41, 120);

    assertThat(findings())
        .contains(
            new Finding(
                "day 2026-10-12 of meter M1, slot 2026-10-12T08:15:00Z",
                "its value, quality or version is not what the office committed to"));
  }

  @Test
  void oneRemovedSlotIsFoundWithItsDay() throws Exception {
    ((ArrayNode) day(5).path("slots")).remove(41);

    assertThat(findings())
        .contains(
            new Finding(
                "day 2026-10-05 of meter M1",
                "it has 95 slots, and the office committed to 96: one was removed or added"));
  }

  @Test
  void aRemovedDayIsFoundWhetherItsProofStaysOrGoes() throws Exception {
    ((ArrayNode) document().path("days")).remove(4);

    places(findings()).contains("days");

    ((ArrayNode) proof().path("days")).remove(4);

    assertThat(findings())
        .contains(
            new Finding(
                "slot 2026-10-04T22:00:00Z",
                "no value is known of it, nor of 95 others: readings were removed"));
  }

  @Test
  void aRemovedMessageIsFoundWithItsDay() throws Exception {
    ((ArrayNode) proof().path("received").get(6).path("messages")).remove(2);

    assertThat(findings())
        .containsExactly(
            new Finding(
                "messages of meter M1, received 2026-10-07",
                "there are 3 of them, and the office committed to 4: one was removed or added"));
  }

  @Test
  void anotherMessageInThePlaceOfOneIsFound() throws Exception {
    ((ArrayNode) proof().path("received").get(6).path("messages").get(2)).set(1, "ab".repeat(32));

    places(findings()).containsExactly("messages of meter M1, received 2026-10-07");
  }

  @Test
  void aDayOfMessagesTakenOutIsFound() throws Exception {
    ((ArrayNode) document().path("received")).remove(6);
    ((ArrayNode) proof().path("received")).remove(6);

    places(findings()).containsExactly("bill 2026-000001");
  }

  @Test
  void aSwappedTariffIsFound() throws Exception {
    String dearer = ProofField.tariff("0.45");
    ((ObjectNode) proof().path("documents").get(0)).put("text", dearer);

    assertThat(findings())
        .containsExactly(
            new Finding(
                "tariff day-night, version 3",
                "its document is not the one that the bill was made by"));

    // with its own hash, and the bill says that it was made by it
    String sha256 = ProofField.use(dearer).sha256();
    ((ObjectNode) proof().path("documents").get(0)).put("sha256", sha256);
    ((ObjectNode) document().path("parts").get(0).path("tariff")).put("sha256", sha256);

    places(findings())
        .contains("2026-10, line 2 (Energy, period 1)", "bill 2026-000001")
        .doesNotContain("2026-10, line 1 (Energy, period 0)");
  }

  @Test
  void aChangedAmountIsFoundWithItsLine() throws Exception {
    line(0).put("amount", "1.00");

    List<Finding> findings = findings();

    places(findings).contains("2026-10, line 1 (Energy, period 0)", "bill 2026-000001");
    assertThat(findings.getFirst().what()).contains("= 1.00, and tariff and readings give");
  }

  @Test
  void aChangedTotalIsFound() throws Exception {
    document().put("total", "1.00");

    places(findings()).contains("total");
  }

  @Test
  void aChangedHeadIsFound() throws Exception {
    document().put("number", "2026-000002");

    places(findings()).containsExactly("bill 2026-000002");

    document().put("number", "2026-000001").put("service_point", "SP-2");

    assertThat(findings()).hasSize(1).first().extracting(Finding::what).asString().contains("head");
  }

  @Test
  void anotherNameIsFound() throws Exception {
    ((ObjectNode) file.path("customer")).put("name", "Berta Muster");

    assertThat(findings())
        .containsExactly(
            new Finding("customer", "the bill was made out to another name or address"));
  }

  @Test
  @DisplayName("C33: an erased name leaves a bill that holds")
  void anErasedNameLeavesABillThatHolds() throws Exception {
    file.remove("customer");

    assertThat(field.verify(file).holds()).isTrue();
  }

  @Test
  void aForeignCheckpointIsFound() throws Exception {
    ProofField other = new ProofField();
    proof().put("checkpoint", other.file().path("proof").path("checkpoint").asString());

    places(findings()).first().isEqualTo("checkpoint");
  }

  @Test
  void theAuditLogsCheckpointIsNoneOfTheEvidence() throws Exception {
    Checkpoint audit =
        new Checkpoint("gridwarden audit log x", 7, TreeHash.empty(), ProofField.ISSUED);
    proof().put("checkpoint", SignedCheckpoint.sign(audit, field.office.getPrivate()).text());

    assertThat(findings())
        .contains(new Finding("checkpoint", "it is of another log: gridwarden audit log x"));
  }

  @Test
  void aCheckpointOfAnotherTreeIsFound() throws Exception {
    Checkpoint empty =
        new Checkpoint(
            LogKey.evidenceName(field.office.getPublic()), 80, TreeHash.empty(), ProofField.ISSUED);
    proof().put("checkpoint", SignedCheckpoint.sign(empty, field.office.getPrivate()).text());

    places(findings()).contains("day 2026-10-01 of meter M1", "bill 2026-000001");
  }

  @Test
  void readingsThatWereCommittedToAfterTheBillAreFound() throws Exception {
    file = field.file(field.bill(ProofField.anna()), true);

    assertThat(findings())
        .hasSize(31)
        .first()
        .isEqualTo(
            new Finding("day 2026-10-01 of meter M1", "the office committed to it after the bill"));
  }

  @Test
  void aForgerWhoMakesAllFiguresAgreeIsFoundStill() throws Exception {
    ProofField forged = new ProofField();
    List<SlotRecord> slots = new ArrayList<>(forged.days.get(4).slots());
    slots.set(41, SlotRecord.good(9_999));
    DayRecord day = forged.days.get(4);
    forged.days.set(
        4,
        new DayRecord(
            day.meter(),
            day.channel(),
            day.date(),
            day.start(),
            day.seconds(),
            day.unit(),
            day.scaler(),
            1,
            slots,
            Optional.empty(),
            day.salt()));
    BillDocument bill = forged.bill(ProofField.anna());
    file.set("bill", bill.json());
    document().put("office", LogKey.evidenceName(field.office.getPublic()));
    ((ObjectNode) proof().path("days").get(4)).put("marks", bill.days().get(4).marks());

    assertThat(findings())
        .containsExactly(
            new Finding(
                "day 2026-10-05 of meter M1",
                "its readings are not those that the office committed to"),
            new Finding("bill 2026-000001", "as a whole it is not what the office issued"));
  }

  @Test
  void whatIsNoSuchFileIsRefusedWithItsPlace() {
    day(5).put("seconds", 0);
    assertThatThrownBy(() -> field.verify(file))
        .isInstanceOf(ProofException.class)
        .hasMessage("bill.days[4].seconds: a number of 60 to 86400 is expected");

    assertThatThrownBy(
            () -> ProofFile.parse("{\"format\":1,\"format\":2}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ProofException.class)
        .hasMessageContaining("uplicate");
  }
}
