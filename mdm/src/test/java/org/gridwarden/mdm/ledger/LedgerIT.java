package org.gridwarden.mdm.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.Tariff.Prepayment;
import org.gridwarden.mdm.ledger.Ledger.Entry;
import org.gridwarden.mdm.ledger.Ledger.Kind;
import org.gridwarden.mdm.tariff.PriceFiles;
import org.gridwarden.mdm.tariff.TariffFile;
import org.gridwarden.store.CommandQuery;
import org.gridwarden.store.LedgerBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger over a real PostgreSQL: nothing is lost, nothing counts twice, whoever races. */
class LedgerIT {
  private static final Currency CHF = Currency.getInstance("CHF");
  private static final Actor BEA = new Actor(Actor.Kind.PERSON, "bea");
  private static final Actor RUN = Actor.system("billing");
  private static final LocalDate DAY = LocalDate.of(2027, 1, 15);
  private static final Prepayment LIMITS =
      new Prepayment(new BigDecimal("20"), new BigDecimal("10"));
  private static final AtomicInteger NEXT = new AtomicInteger();

  @TempDir private static Path folder;
  private static Store store;
  private static Ledger ledger;

  private final String account = "A" + NEXT.incrementAndGet();

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder));
    ledger = new Ledger(store.unitOfWork(), store.ledger());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void aBillAndItsPayment() {
    enter(Kind.BILL, "-81.35", "bill 1", null);
    assertThat(balance()).isEqualByComparingTo("-81.35");
    enter(Kind.PAYMENT, "100", "bank 77", null);
    assertThat(balance()).isEqualByComparingTo("18.65");
    var entries = store.ledger().entries(account, Long.MAX_VALUE, 10);
    assertThat(entries).extracting(LedgerBook.Entry::number).containsExactly(2L, 1L);
    assertThat(entries).extracting(LedgerBook.Entry::contra).containsExactly("bank", "revenue");
  }

  @Test
  void theSameReferenceAgainChangesNothing() {
    enter(Kind.PAYMENT, "50", "bank 1", null);
    LedgerBook.Entry again = enter(Kind.PAYMENT, "50.00", "bank 1", null);
    assertThat(again.number()).isEqualTo(1);
    assertThat(balance()).isEqualByComparingTo("50");
    assertThatThrownBy(() -> enter(Kind.PAYMENT, "51", "bank 1", null))
        .isInstanceOfSatisfying(
            DeskFault.class, e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.CONFLICT))
        .hasMessageContaining("entry 1 has it: a payment of 50 for 2027-01-15");
    assertThat(balance()).isEqualByComparingTo("50");
  }

  @Test
  void whatCannotBeEnteredIsRefused() {
    refused(Kind.PAYMENT, "-5", "turn its sign round");
    refused(Kind.CHARGE, "5", "turn its sign round");
    refused(Kind.PAYMENT, "0", "other than zero");
    refused(Kind.PAYMENT, "0.005", "at most 2 digits behind the point");
    assertThatThrownBy(() ->
            ledger.enter(
                new Entry(account, DAY, Kind.CREDIT, BigDecimal.ONE, CHF, "c", " "), null, BEA))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining("says why");
    assertThat(store.ledger().last(account)).isEmpty();
  }

  @Test
  void anAccountHasOneCurrency() {
    enter(Kind.PAYMENT, "5", "bank 1", null);
    Entry other =
        new Entry(account, DAY, Kind.PAYMENT, BigDecimal.ONE, Currency.getInstance("EUR"), "b", "");
    assertThatThrownBy(() -> ledger.enter(other, null, RUN))
        .hasMessageContaining("an account has one currency");
  }

  @Test
  void whoPaysBeforehandIsWarnedOnceAndNobodyIsSwitchedOff() {
    enter(Kind.PAYMENT, "30", "p1", LIMITS);
    enter(Kind.CHARGE, "-15", "d1", LIMITS); // 15
    assertThat(words()).isEmpty();
    enter(Kind.CHARGE, "-5", "d2", LIMITS); // 10
    assertThat(words()).containsExactly(LedgerWords.LOW);
    enter(Kind.CHARGE, "-15", "d3", LIMITS); // -5
    enter(Kind.CHARGE, "-14.99", "d4", LIMITS); // -19.99
    assertThat(words()).containsExactly(LedgerWords.LOW, LedgerWords.EMERGENCY);
    enter(Kind.CHARGE, "-0.01", "d5", LIMITS); // -20
    enter(Kind.CHARGE, "-0.01", "d5", LIMITS); // again
    enter(Kind.CHARGE, "-4", "d6", LIMITS); // -24
    assertThat(words())
        .containsExactly(
            LedgerWords.LOW,
            LedgerWords.EMERGENCY,
            LedgerWords.EXHAUSTED,
            LedgerWords.DISCONNECTION_PROPOSED);
    enter(Kind.PAYMENT, "40", "p2", null); // 16: a payment need not know how its account pays
    assertThat(words()).endsWith(LedgerWords.RESTORED);
    enter(Kind.CHARGE, "-6", "d7", LIMITS); // 10: low again
    assertThat(words()).endsWith(LedgerWords.LOW).hasSize(6);
    // who is billed from now on is not told so any more
    enter(Kind.BILL, "-60", "b1", null); // -50
    assertThat(words()).hasSize(6);
    // proposed, and nothing more: no order was drafted
    CommandQuery all = new CommandQuery(Set.of(), Optional.empty(), "", "", List.of(), 0, 10);
    assertThat(store.commands().page(all).total()).isZero();
  }

  @Test
  void aMonthOfDaysCostsWhatItsBillSays() throws Exception {
    // a day: 24 kWh x 0.25 = 6.00, 3.10 x 1/31 = 0.10; a month 31 x 6.10 = 189.10; the bill has
    // 186.00 + 3.10 = 189.10, less what a discount made of it, 4.05
    Tariff tariff =
        TariffFile.parse(
                ("gridwarden-tariff: 1\nname: t\ncurrency: CHF\nrounding: {lines: half-up,"
                        + " total-to: 0.05}\nenergy: {price: 0.25}\nfixed: {per-month: 3.10}\n")
                    .getBytes(StandardCharsets.UTF_8),
                PriceFiles.NONE)
            .tariff();
    ZoneId zone = ZoneId.of("Europe/Zurich");
    long[] kwh = new long[31 * 24];
    Arrays.fill(kwh, 1);
    Instant start = LocalDate.of(2027, 1, 1).atStartOfDay(zone).toInstant();
    Load load = new Load("m", start, 3_600, kwh, 0, false);
    for (int d = 1; d <= 31; d++) {
      LocalDate day = LocalDate.of(2027, 1, d);
      BigDecimal cost = DayCharge.of(tariff, load, day, zone);
      assertThat(cost).isEqualByComparingTo("6.10");
      ledger.enter(
          new Entry(
              account, day, Kind.CHARGE, cost.negate(), CHF, Ledger.dayReference("SP", day), ""),
          LIMITS,
          RUN);
    }
    assertThat(balance()).isEqualByComparingTo("-189.10");
    for (int times = 0; times < 2; times++) {
      close("SP", "185.05", "bill 9");
      assertThat(balance()).isEqualByComparingTo("-185.05");
    }
  }

  @Test
  void eachServicePointsBillTakesThePlaceOfItsOwnDaysOnly() {
    enter(Kind.CHARGE, "-5", Ledger.dayReference("one", DAY), LIMITS);
    enter(Kind.CHARGE, "-7", Ledger.dayReference("two", DAY), LIMITS);

    close("one", "6", "bill 1");
    assertThat(balance()).isEqualByComparingTo("-13");
    close("two", "7.50", "bill 2");
    assertThat(balance()).isEqualByComparingTo("-13.50");
  }

  @Test
  void racingChargesAreAllThere() throws Exception {
    int threads = 8;
    int each = 40;
    CyclicBarrier together = new CyclicBarrier(threads);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all.add(
            pool.submit(() -> {
              together.await();
              for (int i = 0; i < each; i++) {
                enter(Kind.CHARGE, "-1.01", "charge " + thread + " " + i, LIMITS);
              }
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(balance()).isEqualByComparingTo("-323.20"); // 320 x 1.01
    assertThat(store.ledger().last(account).orElseThrow().number()).isEqualTo(320);
    assertThat(words()).doesNotHaveDuplicates().contains(LedgerWords.EXHAUSTED);
    chained();
  }

  /** Whatever order threads come in, and however often each thing is entered. */
  @Test
  void theSumOfTheEntriesIsTheBalanceUnderAnyInterleaving() throws Exception {
    for (long seed = 0; seed < 25; seed++) {
      Random random = new Random(seed);
      String prefix = account + "/" + seed + "/";
      Map<String, BigDecimal> expected = new HashMap<>();
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String its = prefix + random.nextInt(3);
        boolean in = random.nextBoolean();
        BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(10_000), 2);
        amount = in ? amount : amount.negate();
        Entry entry =
            new Entry(its, DAY, in ? Kind.PAYMENT : Kind.CHARGE, amount, CHF, "r" + i, "");
        entries.add(entry);
        expected.merge(its, amount, BigDecimal::add);
        if (random.nextInt(4) == 0) {
          entries.add(entry); // a retry
        }
      }
      java.util.Collections.shuffle(entries, random);
      try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        entries.forEach(e -> all.add(pool.submit(() -> ledger.enter(e, LIMITS, RUN))));
        for (Future<?> one : all) {
          one.get();
        }
      }
      for (Map.Entry<String, BigDecimal> its : expected.entrySet()) {
        assertThat(chained(its.getKey())).as("seed %d", seed).isEqualByComparingTo(its.getValue());
      }
    }
  }

  private void chained() {
    assertThat(chained(account)).isEqualByComparingTo(balance());
  }

  /** Numbers without a gap, each balance the one before and its amount; their sum. */
  private static BigDecimal chained(String account) {
    List<LedgerBook.Entry> entries =
        store.ledger().entries(account, Long.MAX_VALUE, 1_000).reversed();
    BigDecimal sum = BigDecimal.ZERO;
    long number = 0;
    Set<String> references = new HashSet<>();
    for (LedgerBook.Entry entry : entries) {
      sum = sum.add(entry.amount());
      assertThat(entry.number()).isEqualTo(++number);
      assertThat(entry.balance()).isEqualByComparingTo(sum);
      assertThat(references.add(entry.reference())).isTrue();
    }
    return sum;
  }

  private void close(String point, String total, String bill) {
    Ledger.Closing closing =
        new Ledger.Closing(
            account,
            point,
            LocalDate.of(2027, 1, 1),
            LocalDate.of(2027, 2, 1),
            new BigDecimal(total),
            CHF,
            bill);
    var unused =
        store
            .unitOfWork()
            .call(tx -> {
              ledger.close(tx, closing, LIMITS, RUN);
              return 0;
            });
  }

  private LedgerBook.Entry enter(
      Kind kind, String amount, String reference, @Nullable Prepayment limits) {
    return ledger.enter(
        new Entry(account, DAY, kind, new BigDecimal(amount), CHF, reference, ""), limits, RUN);
  }

  private void refused(Kind kind, String amount, String says) {
    assertThatThrownBy(() -> enter(kind, amount, "x", null))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining(says);
  }

  private BigDecimal balance() {
    return store.ledger().last(account).orElseThrow().balance();
  }

  private List<String> words() {
    return store.ledger().events(account, 100).stream()
        .sorted(java.util.Comparator.comparingLong(LedgerBook.Event::number))
        .map(LedgerBook.Event::word)
        .toList();
  }
}
