package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.billing.BudgetPlan;
import org.gridwarden.mdm.ledger.Budgets;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.mdm.vee.SlotEdits;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.PlanBook;
import org.gridwarden.store.SlotVersions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budget billing in bill runs: instalments are asked for, and all comes to what the bills say. */
class BudgetIT {
  private static final Currency CHF = Currency.getInstance("CHF");

  private static final Instant JUNE = Instant.parse("2026-06-20T08:00:00Z");

  @TempDir private static Path folder;
  private static BillField field;
  private static Budgets budgets;
  private static int tests;

  private final int test = ++tests;
  private final String account = "A" + test;
  private final String point = "SP-" + test;
  private MeterId meter;

  @BeforeAll
  static void open() throws Exception {
    field = new BillField(folder, JUNE);
    field.tariffs.put(
        "flat",
        "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}");
    budgets =
        new Budgets(
            field.store,
            new Ledger(field.store.unitOfWork(), field.store.ledger()),
            field.time::get);
  }

  @AfterAll
  static void close() {
    field.close();
  }

  @BeforeEach
  void supply() {
    field.time.set(JUNE);
    meter = field.meter("M" + test, point);
    field.supply(account, point, "flat", LocalDate.of(2026, 6, 1));
  }

  private void bill(String month) {
    Period period = Period.parse(month);
    field.time.set(BillField.start(period.to()).plus(Duration.ofHours(31)));
    BillBook.Run run = field.bill(period, point);
    assertThat(run.billed()).as("%s", run).isEqualTo(1);
  }

  private PlanBook.Plan agree(String foreseen, int instalments) {
    return budgets.agree(
        account,
        point,
        YearMonth.of(2026, 6),
        new BudgetPlan(CHF, new BigDecimal(foreseen), instalments),
        BillField.BERTA);
  }

  @Test
  void instalmentsAreAskedForAndTheLastBillSettles() {
    agree("350.00", 3); // 116.67, 116.67, 116.66
    field.measure(meter, LocalDate.of(2026, 6, 1), LocalDate.of(2026, 10, 1), 250);

    bill("2026-06"); // 720 kWh: 144.00
    assertThat(field.balance(account)).isEqualTo("-116.67");
    bill("2026-07"); // 744 kWh: 148.80
    assertThat(field.balance(account)).isEqualTo("-233.34");
    bill("2026-08"); // 148.80: 441.60 in all, 91.60 more than was asked for
    assertThat(field.balance(account)).isEqualTo("-441.6");
    assertThat(field.store.ledger().entries(account, Long.MAX_VALUE, 4))
        .extracting(e -> e.kind() + " " + e.amount().stripTrailingZeros().toPlainString())
        .containsExactly("settlement -91.6", "instalment -116.66", "carried 148.8", "bill -148.8");
    assertThat(field.store.plans().of(account).getFirst().ended()).isPresent();

    bill("2026-09"); // 144.00, and no plan any more
    assertThat(field.balance(account)).isEqualTo("-585.6");
  }

  @Test
  void aCorrectionUnderAPlanChangesWhatIsSettled() throws Exception {
    agree("240.00", 2);
    field.measure(meter, LocalDate.of(2026, 6, 1), LocalDate.of(2026, 8, 1), 250);
    bill("2026-06");
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
                          BillField.ENERGY,
                          Duration.ofMinutes(15),
                          org.gridwarden.cosem.Unit.WATT_HOUR,
                          0),
                      BillField.start(LocalDate.of(2026, 6, 1)),
                      List.of(50_250L),
                      BillField.BERTA,
                      "read by eye");
              return 0;
            });
    String number = field.store.bills().list(null, point, null, null, 1).getFirst().number();

    field.billing.correct(number, "wrong reading", BillField.BERTA); // 10.00 more

    assertThat(field.balance(account)).as("what was asked for stays").isEqualTo("-120");
    bill("2026-07");
    assertThat(field.balance(account)).as("144.00 + 10.00 + 148.80").isEqualTo("-302.8");
  }

  @Test
  void aPlanThatIsEndedBeforeItsTimeIsSettledThen() {
    PlanBook.Plan plan = agree("1200.00", 12);
    field.measure(meter, LocalDate.of(2026, 6, 1), LocalDate.of(2026, 8, 1), 250);
    bill("2026-06");

    budgets.end(plan.id(), BillField.BERTA);

    assertThat(field.balance(account)).isEqualTo("-144");
    bill("2026-07");
    assertThat(field.balance(account)).isEqualTo("-292.8");
    assertThatThrownBy(() -> budgets.end(plan.id(), BillField.BERTA))
        .hasMessageContaining("no plan " + plan.id() + " that is running");
  }

  @Test
  void whatMakesNoSenseIsNotAgreedUpon() {
    assertThatThrownBy(() ->
            budgets.agree(
                account,
                "SP-9",
                YearMonth.of(2026, 6),
                new BudgetPlan(CHF, BigDecimal.TEN, 2),
                BillField.BERTA))
        .hasMessageContaining("is not supplied at SP-9");
    assertThatThrownBy(() ->
            budgets.agree(
                account,
                point,
                YearMonth.of(2026, 5),
                new BudgetPlan(CHF, BigDecimal.TEN, 2),
                BillField.BERTA))
        .hasMessageContaining("this month or a later one");
    agree("100", 2);
    assertThatThrownBy(() -> agree("200", 2)).hasMessageContaining("has a budget plan at " + point);
  }
}
