package org.gridwarden.mdm.billrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.store.LedgerBook;
import org.gridwarden.store.VeeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who pays beforehand is charged by night, warned, and never switched off by a machine. */
class PrepaymentIT {
  private static final Currency CHF = Currency.getInstance("CHF");
  private static final LocalDate FIRST = LocalDate.of(2026, 10, 1);
  private static final String PREPAID =
      """
      gridwarden-tariff: 1
      name: Prepaid
      currency: CHF
      rounding: {lines: half-up}
      energy: {price: 0.25}
      prepayment: {emergency-credit: 10, low-balance: 5}
      """;

  @TempDir private static Path folder;
  private static BillField field;
  private static int tests;

  private final Acts acts = new Acts();
  private final int test = ++tests;
  private final String account = "A" + test;
  private final String point = "SP-" + test;
  private MeterId meter;

  @BeforeAll
  static void open() throws Exception {
    field = new BillField(folder, morning(FIRST));
    field.tariffs.put("prepaid", PREPAID);
  }

  @AfterAll
  static void close() {
    field.close();
  }

  @BeforeEach
  void supply() {
    field.time.set(morning(FIRST));
    meter = field.meter("P" + test, point);
    field.supply(account, point, "prepaid", LocalDate.of(2026, 9, 30));
  }

  /** Nobody else is charged by the tests that follow. */
  @AfterEach
  void moveOut() {
    field.sql("UPDATE agreement SET until = since + interval '1 second' WHERE until IS NULL");
  }

  /** What was told and drafted; a draft is found again, as in the command book. */
  private static final class Acts implements BalanceActs {
    final List<String> told = new ArrayList<>();
    final Map<CommandId, String> drafts = new HashMap<>();
    final List<CommandId> withdrawn = new ArrayList<>();
    boolean broken;

    @Override
    public void tell(MeterId meter, Instant at, String word, String same, String text) {
      told.add(meter + " " + word);
    }

    @Override
    public CommandId propose(MeterId meter, Action action, String reason) {
      if (broken) {
        throw new IllegalStateException("the audit log does not keep up");
      }
      CommandId id = new CommandId(UUID.randomUUID());
      drafts.put(id, action.word() + " " + meter + ": " + reason);
      return id;
    }

    @Override
    public boolean withdraw(CommandId command, String why) {
      return withdrawn.add(command);
    }
  }

  private static Instant morning(LocalDate day) {
    return BillField.start(day).plus(Duration.ofHours(7));
  }

  private PrepaidDays days() {
    return new PrepaidDays(
        field.store,
        field.evidence,
        field.supplies,
        field.shelf,
        new TariffForms(),
        field.time::get);
  }

  private BalanceWatch watch() {
    return new BalanceWatch(field.store, field.shelf, new TariffForms(), acts, field.time::get);
  }

  private void pay(String amount, String reference) {
    new Ledger(field.store.unitOfWork(), field.store.ledger())
        .enter(
            new Ledger.Entry(
                account,
                LocalDate.ofInstant(field.time.get(), BillField.ZURICH),
                Ledger.Kind.PAYMENT,
                new BigDecimal(amount),
                CHF,
                reference,
                ""),
            null,
            new Actor(Actor.Kind.PERSON, "bea"));
  }

  @Test
  void eachNightChargesWhatIsOverOnceAlsoAfterARestart() {
    pay("100", "bank 1");
    field.measure(meter, FIRST.minusDays(1), FIRST.plusDays(3), 250); // 24 kWh a day: 6.00
    field.time.set(BillField.start(FIRST).plus(Duration.ofHours(5)));
    PrepaidDays days = days();
    assertThat(days.look()).as("the night is not over").isZero();

    field.time.set(morning(FIRST));
    assertThat(days.look()).isEqualTo(1);
    assertThat(field.balance(account)).isEqualTo("94");
    assertThat(days.look()).as("the same night").isZero();
    assertThat(days().look()).as("after a restart").isZero();

    field.time.set(morning(FIRST.plusDays(2)));
    assertThat(days.look()).as("a night that was missed is made up for").isEqualTo(2);
    assertThat(days().look()).isZero();
    assertThat(field.balance(account)).isEqualTo("82");
    assertThat(field.store.ledger().entries(account, Long.MAX_VALUE, 10))
        .extracting(LedgerBook.Entry::reference)
        .containsExactly(
            "charge 2026-10-02 at " + point,
            "charge 2026-10-01 at " + point,
            "charge 2026-09-30 at " + point,
            "bank 1");
  }

  @Test
  void aDayThatIsNotKnownYetIsChargedOnceItIs() {
    pay("100", "bank 1");
    field.measureWithout(meter, FIRST.minusDays(1), 250, 10, 14);
    PrepaidDays days = days();
    assertThat(days.look()).isZero();
    assertThat(field.balance(account)).isEqualTo("100");

    field.measure(meter, FIRST.minusDays(1), FIRST, 250); // the missing slots came late
    field.time.set(morning(FIRST.plusDays(1)));
    assertThat(days.look()).isEqualTo(1);
    assertThat(field.balance(account)).isEqualTo("94");
  }

  @Test
  void aFallingBalanceIsToldOnceAndADisconnectionProposedAndWithdrawnWhenItIsPaid() {
    pay("10", "bank 1");
    field.measure(meter, FIRST.minusDays(1), FIRST.plusDays(6), 250);
    PrepaidDays days = days();

    days.look(); // 4: low
    watch().look();
    watch().look(); // after a restart
    assertThat(acts.told).containsExactly(meter + " balance.low");

    field.time.set(morning(FIRST.plusDays(2)));
    days.look(); // -2, then -8: the emergency credit
    watch().look();
    assertThat(acts.told).containsExactly(meter + " balance.low", meter + " credit.emergency");
    assertThat(acts.drafts).isEmpty();

    field.time.set(morning(FIRST.plusDays(3)));
    days.look(); // -14: used up
    acts.broken = true;
    assertThatThrownBy(() -> watch().look()).hasMessageContaining("does not keep up");
    acts.broken = false;
    watch().look();
    watch().look();
    assertThat(acts.told).endsWith(meter + " credit.exhausted").hasSize(3);
    assertThat(acts.drafts.values())
        .singleElement()
        .asString()
        .startsWith(
            "disconnect " + meter + ": prepaid balance used up: account " + account + ", entry ");
    assertThat(field.store.prepaid().proposals(account)).hasSize(1);
    assertThat(field.store.prepaid().balances("", 100))
        .filteredOn(b -> b.entry().account().equals(account))
        .singleElement()
        .satisfies(b -> assertThat(b.entry().balance()).isEqualByComparingTo("-14"));

    pay("50", "bank 2"); // 36
    watch().look();
    assertThat(acts.told).endsWith(meter + " credit.restored");
    // the order is no more in the book: it was never stored by this test's office
    assertThat(field.store.prepaid().proposals(account)).isEmpty();
  }

  @Test
  void theMonthsBillTakesThePlaceOfItsDays() throws Exception {
    pay("300", "bank 1");
    field.measure(meter, FIRST, LocalDate.of(2026, 11, 3), 250);
    PrepaidDays days = days();
    for (int d = 2; d <= 32; d += 5) {
      field.time.set(morning(FIRST.plusDays(d)));
      days.look();
    }
    // 31 days of October and 1 November; 25 October has 25 hours
    assertThat(field.balance(account)).isEqualTo("107.75");

    field.time.set(morning(LocalDate.of(2026, 11, 3)));
    assertThat(field.bill(Period.parse("2026-10"), point).billed()).isEqualTo(1);

    // 745 kWh at 0.25, and 1 November stays a charge
    assertThat(field.balance(account)).isEqualTo("107.75");
    assertThat(field.store.ledger().entries(account, Long.MAX_VALUE, 2))
        .extracting(e -> e.kind() + " " + e.amount().stripTrailingZeros().toPlainString())
        .containsExactly("bill -186.25", "correction 186.25");
    assertThat(field.verify(point).findings()).isEmpty();
    assertThat(days().look()).as("what is billed is not charged again").isEqualTo(1);
    assertThat(field.balance(account)).isEqualTo("101.75"); // 2 November
  }

  @Test
  void anExceptionThatWaitsForAPersonHoldsABillUpAndNoCharge() {
    pay("100", "bank 1");
    field.measure(meter, FIRST.minusDays(1), FIRST, 250);
    LocalDate day = FIRST.minusDays(1);
    var unused =
        field
            .store
            .unitOfWork()
            .call(tx ->
                field
                    .store
                    .veeExceptions()
                    .keep(
                        tx,
                        meter,
                        new org.gridwarden.store.SlotVersions.Channel(
                            BillField.ENERGY,
                            Duration.ofMinutes(15),
                            org.gridwarden.cosem.Unit.WATT_HOUR,
                            0),
                        day,
                        day.plusDays(1),
                        List.of(
                            new VeeException.What(
                                day,
                                BillField.start(day),
                                BillField.start(day).plusSeconds(900),
                                1,
                                "spike",
                                9,
                                5,
                                "kW",
                                false,
                                "")),
                        Actor.system("validation"),
                        field.time.get()));

    assertThat(days().look()).isEqualTo(1);

    field.time.set(morning(FIRST.plusDays(2)));
    var run = field.bill(new Period(day, FIRST), point);
    assertThat(run.billed()).isZero();
    assertThat(field.blocked(run).reason()).isEqualTo("exception");
  }
}
