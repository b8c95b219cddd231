package org.gridwarden.mdm.billrun;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.billing.UrdbTariff;
import org.gridwarden.mdm.proof.BillVerifier;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.ProofFile;
import org.gridwarden.mdm.proof.ProofFiles;
import org.gridwarden.mdm.proof.Verdict;
import org.gridwarden.mdm.vee.ExceptionDesk;
import org.gridwarden.mdm.vee.NightRun;
import org.gridwarden.mdm.vee.RuleBook;
import org.gridwarden.mdm.vee.SlotEdits;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Holds;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.VeeException;
import org.gridwarden.store.VeeExceptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Bills over a real store: what is billed, what is blocked, and the proof that holds. */
class BillingIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final SlotVersions.Channel CHANNEL =
      new SlotVersions.Channel(ENERGY, Duration.ofMinutes(15), Unit.WATT_HOUR, 0);
  private static final Period OCTOBER = Period.parse("2026-10");
  private static final Instant NOW = Instant.parse("2026-11-03T05:00:00Z");
  private static final Actor BERTA = new Actor(Actor.Kind.PERSON, "berta");
  private static final String FLAT =
      "{\"name\":\"Flat\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":0.2}]]}";
  private static final String DEARER = FLAT.replace("0.2}", "0.25}");

  @TempDir private static Path folder;
  private static Store store;
  private static LogKey logKey;
  private static PublicKey office;
  private static final AtomicReference<Instant> TIME = new AtomicReference<>(NOW);
  private static int points;

  private final List<Supply> agreements = new ArrayList<>();
  private final Map<String, List<String>> shelf = new HashMap<>();
  private String point;
  private MeterId meter;
  private EvidenceOffice evidence;
  private BillingOffice billing;

  @BeforeAll
  static void open() throws Exception {
    store = Store.open(StoreSettings.embedded(folder.resolve("data")), TIME::get);
    Path keys = folder.resolve("keys");
    logKey = LogKey.open(keys, OfficeKey.open(keys));
    office = LogKey.publicKey(logKey.publicPem());
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @BeforeEach
  void place() {
    points++;
    point = "SP-" + points;
    meter = register("B" + points, point);
    agreements.add(supply(1, "A" + points, "flat", "2026-01-01"));
    shelf.put("flat", List.of(FLAT));
    InstantSource clock = InstantSource.fixed(NOW);
    evidence = new EvidenceOffice(store, logKey, new SecureRandom(), clock);
    billing =
        new BillingOffice(
            store,
            evidence,
            new Agreed(),
            new Shelf(),
            (document, others) -> UrdbTariff.parse(document),
            clock);
  }

  private static MeterId register(String id, String point) {
    MeterId meter = new MeterId(id);
    store
        .meters()
        .put(
            new Meter(
                meter,
                id,
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            point);
    // put mounts it now: here it has stood there since the year's beginning
    sql(
        "UPDATE service_point_term SET since = '2025-12-31T23:00:00Z' WHERE service_point = '"
            + point
            + "' AND meter = (SELECT id FROM meter WHERE meter_id = '"
            + id
            + "')");
    return meter;
  }

  private Supply supply(long id, String account, String tariff, String since) {
    return new Supply(
        points * 100L + id,
        account,
        point,
        tariff,
        start(LocalDate.parse(since)),
        Optional.empty());
  }

  private static Instant start(LocalDate date) {
    return date.atStartOfDay(ZURICH).toInstant();
  }

  /** 1 kWh an hour, every day of a span. */
  private void measure(MeterId whose, LocalDate from, LocalDate to) {
    for (LocalDate date = from; date.isBefore(to); date = date.plusDays(1)) {
      measure(whose, date, 0, 0);
    }
  }

  /** A day without the slots from one to another. */
  private void measure(MeterId whose, LocalDate date, int from, int to) {
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    Arrays.fill(values, 250);
    Arrays.fill(quality, from, to, Quality.MISSING);
    merge(whose, day, values, quality);
  }

  private static void merge(MeterId whose, Day day, long[] values, byte[] quality) {
    IntervalBlock block =
        new IntervalBlock(whose, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, List.of(block));
          return 0;
        });
  }

  private BillBook.Run run() {
    return billing.run(new BillingOffice.Order(OCTOBER, Set.of(point), false), BERTA);
  }

  private BillBook.Blocked blocked() {
    BillBook.Run run = run();
    assertThat(run.failure()).isEmpty();
    assertThat(run.billed()).isZero();
    List<BillBook.Blocked> blocked = store.bills().blocked(run.id(), "", 10);
    assertThat(blocked).hasSize(1);
    return blocked.getFirst();
  }

  private BillBook.Head only() {
    List<BillBook.Head> heads = store.bills().list(null, point, null, null, 10);
    assertThat(heads).hasSize(1);
    return heads.getFirst();
  }

  private ObjectNode file(String number) throws Exception {
    ProofFiles.Documents documents =
        (tariff, version) -> {
          byte[] bytes =
              requireNonNull(shelf.get(tariff)).get(version - 1).getBytes(StandardCharsets.UTF_8);
          return Map.of(CanonicalJson.digest(bytes), bytes);
        };
    return new ProofFiles(store, documents)
        .of(store.bills().find(number).orElseThrow(), true)
        .orElseThrow();
  }

  private static Verdict verify(ObjectNode file) throws Exception {
    return new BillVerifier(office, List.of(), (document, others) -> UrdbTariff.parse(document))
        .verify(ProofFile.parse(file.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void sql(String statement) {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(statement);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMonthIsBilledOnceAndItsProofHolds() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());

    BillBook.Run run = run();

    assertThat(run.failure()).isEmpty();
    assertThat(run.billed()).isEqualTo(1);
    // 31 days and the hour that autumn gives, 1 kWh each hour at 0.20
    assertThat(run.totals()).isEqualTo("CHF 149.00");
    BillBook.Head head = only();
    assertThat(head.number()).matches("2026-\\d{6}");
    assertThat(head.total()).isEqualByComparingTo("149.00");
    // it is owed
    assertThat(store.ledger().last("A" + points).orElseThrow().balance())
        .isEqualByComparingTo("-149.00");
    Verdict verdict = verify(file(head.number()));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.days()).isEqualTo(31);
    assertThat(verdict.bill().servicePoint()).isEqualTo(point);

    BillBook.Run again = run();

    assertThat(again.billed()).isZero();
    assertThat(again.before()).isEqualTo(1);
  }

  @Test
  void aDryRunReckonsAndWritesNothing() {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    long leaves = store.evidenceTree().head().size();

    BillBook.Run run = billing.run(new BillingOffice.Order(OCTOBER, Set.of(point), true), BERTA);

    assertThat(run.billed()).isEqualTo(1);
    assertThat(run.totals()).isEqualTo("CHF 149.00");
    assertThat(store.bills().list(null, point, null, null, 10)).isEmpty();
    assertThat(store.evidenceTree().head().size()).isEqualTo(leaves);
  }

  @Test
  void aRunOverAllGoesThroughTheAgreements() {
    measure(meter, OCTOBER.from(), OCTOBER.to());

    BillBook.Run run = billing.run(new BillingOffice.Order(OCTOBER, Set.of(), false), BERTA);

    assertThat(run.points()).isEqualTo(1);
    assertThat(run.billed()).isEqualTo(1);
  }

  @Test
  void estimatesAndEditsAreBilledAsSuch() throws Exception {
    LocalDate hole = LocalDate.of(2026, 10, 12);
    measure(meter, LocalDate.of(2026, 8, 25), hole);
    measure(meter, hole, 40, 44);
    measure(meter, hole.plusDays(1), OCTOBER.to());
    assertThat(blocked().reason()).isEqualTo("missing");

    new NightRun(store, RuleBook.shipped(), InstantSource.fixed(NOW))
        .run(meter, RuleBook.USUAL, ZURICH, hole, hole.plusDays(1));
    store
        .unitOfWork()
        .call(tx -> {
          new SlotEdits(store.slotVersions(), InstantSource.fixed(NOW))
              .set(
                  tx,
                  meter,
                  CHANNEL,
                  Day.of(hole, ZURICH, Duration.ofMinutes(15)).startOf(50),
                  List.of(1_250L),
                  BERTA,
                  "read by eye");
          return 0;
        });
    assertThat(blocked().reason())
        .as("a person judges what was found first")
        .isEqualTo("exception");
    ExceptionDesk desk = new ExceptionDesk(store, InstantSource.fixed(NOW));
    VeeExceptions.Query open =
        new VeeExceptions.Query(
            EnumSet.of(VeeException.State.OPEN),
            Set.of(),
            Optional.of(false),
            Optional.of(meter),
            hole,
            hole,
            false);
    for (VeeException one : store.veeExceptions().page(open, 0, 100).items()) {
      desk.accept(one.id(), "looked at", BERTA);
    }
    assertThat(run().billed()).isEqualTo(1);

    Verdict verdict = verify(file(only().number()));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lines().getFirst().estimated()).isEqualTo(4);
    assertThat(verdict.lines().getFirst().edited()).isEqualTo(1);
  }

  @Test
  @DisplayName("C20: what is held after tamper is never billed, until a person releases it")
  void whatIsHeldIsNotBilled() {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    int number = store.meters().number(meter);
    Instant since = Instant.parse("2026-10-20T10:00:00Z");
    Actor desk = Actor.system("test");
    store
        .unitOfWork()
        .call(tx -> {
          long open = store.cases().open(tx, number, Severity.FAULT, desk, "opened", NOW).id();
          return store.holds().begin(tx, number, since, open, "casing opened", desk, NOW);
        });

    BillBook.Blocked blocked = blocked();

    assertThat(blocked.reason()).isEqualTo("held");
    assertThat(blocked.detail()).contains(meter.value()).contains(since.toString());

    store
        .unitOfWork()
        .call(tx -> {
          store
              .holds()
              .release(
                  tx,
                  meter,
                  new Holds.Release(
                      NOW, new Holds.Span(since, Instant.parse("2027-01-01T00:00:00Z")), "o", "x"));
          return 0;
        });
    assertThat(run().billed()).isEqualTo(1);
  }

  @Test
  void whatWasNotAuthenticatedIsNotBilled() {
    measure(meter, OCTOBER.from(), OCTOBER.to().minusDays(1));
    Day last = Day.of(OCTOBER.to().minusDays(1), ZURICH, Duration.ofMinutes(15));
    byte[] quality = new byte[last.slots()];
    quality[7] = Quality.UNAUTHENTICATED;
    merge(meter, last, new long[last.slots()], quality);

    BillBook.Blocked blocked = blocked();

    assertThat(blocked.reason()).isEqualTo("unauthenticated");
    assertThat(blocked.detail()).contains(last.startOf(7).toString());
  }

  @Test
  void aPeriodThatIsNotOverIsNotBilled() {
    BillBook.Run run =
        billing.run(new BillingOffice.Order(Period.parse("2026-11"), Set.of(point), false), BERTA);

    assertThat(store.bills().blocked(run.id(), "", 10))
        .extracting(BillBook.Blocked::reason)
        .containsExactly("not-over");
  }

  @Test
  void whoeverMovesInIsBilledFromThen() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    Supply old = agreements.removeFirst();
    Instant moved = start(LocalDate.of(2026, 10, 11));
    agreements.add(
        new Supply(old.id(), old.account(), point, "flat", old.since(), Optional.of(moved)));
    agreements.add(new Supply(old.id() + 1, "N" + points, point, "flat", moved, Optional.empty()));

    assertThat(run().billed()).isEqualTo(2);

    List<BillBook.Head> heads = store.bills().list(null, point, null, null, 10);
    assertThat(heads)
        .extracting(BillBook.Head::account)
        .containsExactlyInAnyOrder(old.account(), "N" + points);
    assertThat(heads)
        .extracting(h -> h.total().toPlainString())
        .containsExactlyInAnyOrder("48.00", "101.00");
    for (BillBook.Head head : heads) {
      assertThat(verify(file(head.number())).findings()).isEmpty();
    }
  }

  @Test
  void aTariffThatChangesWithinTheMonthMakesTwoParts() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    shelf.put("flat", List.of(FLAT, DEARER)); // the second from 16 October on

    assertThat(run().billed()).isEqualTo(1);

    Verdict verdict = verify(file(only().number()));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.bill().parts()).hasSize(2);
    assertThat(verdict.bill().parts())
        .extracting(p -> p.total().toPlainString())
        .containsExactly("72.00", "96.25"); // 15 x 24 x 0.20, (16 x 24 + 1) x 0.25
  }

  @Test
  void aTariffThatLooksBackIsBilledWithTheMonthsBefore() throws Exception {
    shelf.put(
        "flat",
        List.of(
            "{\"currency\":\"CHF\",\"flatdemandstructure\":[[{\"rate\":10}]],"
                + "\"lookbackPercent\":0.5,\"lookbackRange\":2}"));
    LocalDate august = LocalDate.of(2026, 8, 1);
    measure(meter, august.plusDays(1), OCTOBER.to());
    Day first = Day.of(august, ZURICH, Duration.ofMinutes(15));
    long[] peak = new long[96];
    peak[50] = 1_000; // 4 kW
    merge(meter, first, peak, new byte[96]);

    assertThat(run().billed()).isEqualTo(1);

    BillBook.Head head = only();
    assertThat(head.total()).isEqualByComparingTo("20.00"); // half of 4 kW, more than its own 1 kW
    Verdict verdict = verify(file(head.number()));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.bill().parts().getFirst().tariff().measuredFrom()).isEqualTo(august);
    assertThat(verdict.days()).isEqualTo(31 + 30 + 31);
  }

  @Test
  void whatIsFedInIsCarriedOnFromBillToBill() throws Exception {
    shelf.put(
        "flat",
        List.of(
            "{\"currency\":\"CHF\",\"dgrules\":\"Net Metering\",\"energyratestructure\":"
                + "[[{\"rate\":0.2,\"sell\":0.1}]]}"));
    // in September twice as much is fed in as is taken: what is left over goes on to October
    LocalDate september = LocalDate.of(2026, 9, 1);
    measure(meter, september, OCTOBER.to());
    for (LocalDate date = september; date.isBefore(OCTOBER.from()); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
      long[] values = new long[day.slots()];
      Arrays.fill(values, 500);
      feed(day, values);
    }
    for (LocalDate date = OCTOBER.from(); date.isBefore(OCTOBER.to()); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
      feed(day, new long[day.slots()]);
    }

    assertThat(run().billed()).isEqualTo(1);

    BillBook.Head head = only();
    // 745 kWh taken in October, 720 left over from September
    assertThat(head.total()).isEqualByComparingTo("5.00");
    assertThat(verify(file(head.number())).findings()).isEmpty();
  }

  private void feed(Day day, long[] values) {
    IntervalBlock block =
        new IntervalBlock(
            meter,
            ObisCode.parse("1.0.2.29.0.255"),
            Layer.RAW,
            day,
            0,
            Unit.WATT_HOUR,
            values,
            new byte[values.length]);
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, List.of(block));
          return 0;
        });
  }

  @Test
  void aMeterThatIsExchangedWithinASlotIsBilledWithItsSuccessor() throws Exception {
    LocalDate date = LocalDate.of(2026, 10, 15);
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    Instant exchanged = day.startOf(40).plusSeconds(300);
    MeterId successor = register("C" + points, "");
    sql(
        "UPDATE service_point_term SET until = '"
            + exchanged
            + "' WHERE service_point = '"
            + point
            + "'");
    sql(
        "INSERT INTO service_point_term (since, meter, service_point) SELECT '"
            + exchanged.plusSeconds(120)
            + "', id, '"
            + point
            + "' FROM meter WHERE meter_id = '"
            + successor.value()
            + "'");
    measure(meter, OCTOBER.from(), date);
    measure(successor, date.plusDays(1), OCTOBER.to());
    long[] first = new long[96];
    byte[] gone = new byte[96];
    Arrays.fill(first, 250);
    first[40] = 80;
    Arrays.fill(gone, 41, 96, Quality.MISSING);
    merge(meter, day, first, gone);
    long[] second = new long[96];
    byte[] before = new byte[96];
    Arrays.fill(second, 250);
    second[40] = 170;
    Arrays.fill(before, 0, 40, Quality.MISSING);
    merge(successor, day, second, before);

    assertThat(run().billed()).isEqualTo(1);

    BillBook.Head head = only();
    assertThat(head.total()).isEqualByComparingTo("149.00");
    Verdict verdict = verify(file(head.number()));
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.bill().times()).hasSize(2);
  }

  @Test
  void aCorrectionIsACreditAndANewBillThatNameTheOldOne() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    run();
    BillBook.Head old = only();
    ObjectNode oldFile = file(old.number());
    store
        .unitOfWork()
        .call(tx -> {
          new SlotEdits(store.slotVersions(), InstantSource.fixed(NOW))
              .set(tx, meter, CHANNEL, start(OCTOBER.from()), List.of(10_250L), BERTA, "a slip");
          return 0;
        });

    BillingOffice.Correction done = billing.correct(old.number(), "wrong reading", BERTA);

    BillBook.Head credit = store.bills().find(done.credit()).orElseThrow().head();
    BillBook.Head fresh = store.bills().find(done.bill()).orElseThrow().head();
    assertThat(credit.total()).isEqualByComparingTo("-149.00");
    assertThat(credit.replaces()).contains(old.number());
    assertThat(fresh.total()).isEqualByComparingTo("151.00");
    assertThat(fresh.replaces()).contains(old.number());
    assertThat(fresh.edition()).isEqualTo(2);
    assertThat(store.ledger().last("A" + points).orElseThrow().balance())
        .isEqualByComparingTo("-151.00");
    assertThat(store.bills().find(old.number()).orElseThrow().head().creditedBy())
        .contains(credit.number());
    for (String number : List.of(credit.number(), fresh.number())) {
      assertThat(verify(file(number)).findings()).isEmpty();
    }
    // the old bill's proof holds as it was handed out, and its day of the edit has a second
    // revision
    assertThat(verify(oldFile).holds()).isTrue();
    assertThat(verify(file(old.number())).holds()).isTrue();
    assertThat(verify(file(fresh.number())).bill().days().getFirst().revision()).isEqualTo(2);
    assertThatThrownBy(() -> billing.correct(old.number(), "again", BERTA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("taken back");
    assertThat(run().before()).as("the new one stands").isEqualTo(1);
  }

  @Test
  void aBillIsNeverOverwritten() {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    run();
    String number = only().number();

    for (String statement :
        List.of(
            "UPDATE bill SET total = 1 WHERE number = '" + number + "'",
            "DELETE FROM bill WHERE number = '" + number + "'",
            "TRUNCATE bill CASCADE")) {
      assertThatThrownBy(() -> sql(statement)).hasMessageContaining("never changed");
    }
  }

  @Test
  void aBillThatWasChangedInTheDatabaseDoesNotVerify() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());
    run();
    String number = only().number();
    ObjectNode file = file(number);
    ((ObjectNode) file.path("bill").path("parts").get(0).path("months").get(0).path("lines").get(0))
        .put("price", "0.1");

    assertThat(verify(file).findings())
        .extracting(Verdict.Finding::where)
        .containsExactly("2026-10, line 1 (Energy)", "bill " + number);
  }

  @Test
  void readingsAreCommittedToByNightAndWhatChangesGetsAnotherRevision() throws Exception {
    measure(meter, OCTOBER.from(), OCTOBER.to());

    assertThat(evidence.commit(meter, ZURICH, OCTOBER.from(), OCTOBER.to())).isEqualTo(31);
    assertThat(evidence.commit(meter, ZURICH, OCTOBER.from(), OCTOBER.to())).isZero();
    long committed = store.evidenceTree().head().size();
    run();
    // nothing but the bill came to it
    assertThat(store.evidenceTree().head().size()).isEqualTo(committed + 1);
    // who changes a reading in the database afterwards changes no bill
    sql(
        "UPDATE interval_block SET \"values\"[42] = 1 WHERE day = '2026-10-05' AND meter ="
            + " (SELECT id FROM meter WHERE meter_id = '"
            + meter.value()
            + "')");
    assertThat(verify(file(only().number())).holds()).isTrue();
    assertThat(evidence.commit(meter, ZURICH, OCTOBER.from(), OCTOBER.to())).isEqualTo(1);
  }

  @Test
  void theRawMessagesAreNamedAndCommittedTo() throws Exception {
    for (LocalDate date = OCTOBER.from(); date.isBefore(OCTOBER.to()); date = date.plusDays(1)) {
      push(date);
    }
    TIME.set(NOW);
    while (evidence.commitReceived(10) > 0) {
      // a day each
    }
    assertThat(run().billed()).isEqualTo(1);

    ObjectNode file = file(only().number());

    Verdict verdict = verify(file);
    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.messages()).isEqualTo(31);
    // every message by its digest, as long as they are kept
    assertThat(file.path("proof").path("received").get(0).path("messages").size()).isEqualTo(1);
  }

  private void push(LocalDate date) {
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    Arrays.fill(values, 250);
    byte[] raw = ("push " + meter + " " + date).getBytes(StandardCharsets.UTF_8);
    Usage usage =
        new Usage(
            meter,
            List.of(),
            List.of(),
            List.of(
                new IntervalBlock(
                    meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, new byte[0])),
            List.of());
    Instant at = start(date.plusDays(1));
    TIME.set(at);
    var unused =
        store
            .intake()
            .commit(
                List.of(
                    new Received(
                        new MessageId(
                            meter,
                            new byte[] {1},
                            date.getDayOfYear(),
                            java.util.HexFormat.of().parseHex(CanonicalJson.digest(raw))),
                        new ChannelId("test", "test"),
                        at,
                        Assurance.MAC,
                        raw,
                        List.of(usage))));
  }

  /** Agreements of the test. */
  private final class Agreed implements Supplies {
    @Override
    public List<Supply> inForce(Instant from, Instant to, long after, int most) {
      return agreements.stream()
          .filter(s -> s.id() > after && s.since().isBefore(to))
          .filter(s -> s.until().map(from::isBefore).orElse(true))
          .limit(most)
          .toList();
    }

    @Override
    public List<Supply> at(String servicePoint) {
      return agreements.stream().filter(s -> s.servicePoint().equals(servicePoint)).toList();
    }

    @Override
    public Optional<Person> person(String account) {
      return Optional.of(new Person("Anna Muster", List.of("Seestrasse 7", "8000 Zürich")));
    }
  }

  /** Tariffs of the test: the first version from 2026 on, each further from 16 October. */
  private final class Shelf implements Tariffs {
    @Override
    public List<Version> versions(String id) {
      List<Version> versions = new ArrayList<>();
      for (String document : shelf.getOrDefault(id, List.of())) {
        int version = versions.size() + 1;
        versions.add(
            new Version(
                id,
                version,
                version == 1 ? LocalDate.of(2026, 1, 1) : LocalDate.of(2026, 10, 16),
                CanonicalJson.digest(document.getBytes(StandardCharsets.UTF_8))));
      }
      return versions;
    }

    @Override
    public Optional<Document> document(String id, int version) {
      return Optional.of(
          new Document(
              requireNonNull(shelf.get(id)).get(version - 1).getBytes(StandardCharsets.UTF_8),
              Map.of()));
    }
  }
}
