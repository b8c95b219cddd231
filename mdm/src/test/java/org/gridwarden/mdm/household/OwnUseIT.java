package org.gridwarden.mdm.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Account;
import org.gridwarden.store.BudgetBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.TariffBook;
import org.gridwarden.store.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S15 over a real store: a month's outlook, a budget by night, and similar households. */
class OwnUseIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final Actor DESK = Actor.system("test");
  private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);

  /** The evening of the 20th of June. */
  private static final AtomicReference<Instant> TIME =
      new AtomicReference<>(Instant.parse("2026-06-20T20:00:00Z"));

  @TempDir private static Path folder;
  private static Store store;
  private static OwnUse use;

  @BeforeAll
  static void open() throws Exception {
    store = Store.open(StoreSettings.embedded(folder.resolve("data")), TIME::get);
    use = new OwnUse(store, TIME::get);
    tariff(
        "flat",
        "gridwarden-tariff: 1\nname: Flat\ncurrency: CHF\nrounding: {lines: half-up}\n"
            + "energy: {price: 0.20}\nfixed: {per-month: 6}\n");
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static void tariff(String id, String text) throws Exception {
    byte[] document = text.getBytes(StandardCharsets.UTF_8);
    TariffBook.Fresh fresh =
        new TariffBook.Fresh(
            id,
            1,
            LocalDate.of(2026, 1, 1),
            "gridwarden",
            MessageDigest.getInstance("SHA-256").digest(document),
            document,
            new byte[] {1},
            new byte[] {1});
    assertThat(store.unitOfWork().<Boolean>call(tx -> store.tariffs().add(tx, fresh, DESK)))
        .isTrue();
  }

  /** A household by a tariff since the year's beginning, whose meter measures so much a quarter. */
  private static OwnPoint household(
      String name, String tariff, LocalDate from, LocalDateTime until, long wh) {
    MeterId meter = new MeterId("M-" + name);
    store
        .meters()
        .put(
            new Meter(
                meter,
                "M-" + name,
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            name);
    Instant january = LocalDate.of(2026, 1, 1).atStartOfDay(ZURICH).toInstant();
    mounted(name, january);
    store
        .accounts()
        .open(
            "A-" + name,
            new Account.Holder("Somebody", "Weg 1", "8000 Zürich", "", "", "de"),
            DESK);
    store.agreements().moveIn("A-" + name, name, tariff, january, false, DESK);
    measure(meter, from, until, wh);
    return use.point(name, january).orElseThrow();
  }

  private static void mounted(String point, Instant since) {
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement("UPDATE service_point_term SET since = ? WHERE service_point = ?")) {
      s.setObject(1, since.atOffset(java.time.ZoneOffset.UTC));
      s.setString(2, point);
      s.executeUpdate();
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void measure(MeterId meter, LocalDate from, LocalDateTime until, long wh) {
    List<IntervalBlock> blocks = new ArrayList<>();
    for (LocalDate date = from; !date.isAfter(until.toLocalDate()); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
      long[] values = new long[day.slots()];
      byte[] quality = new byte[day.slots()];
      Arrays.fill(values, wh);
      int known = (int) Math.max(0, Duration.between(date.atStartOfDay(), until).toMinutes() / 15);
      if (known < values.length) {
        Arrays.fill(quality, known, values.length, Quality.MISSING);
        Arrays.fill(values, known, values.length, 0);
      }
      blocks.add(
          new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality));
    }
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, blocks);
          return 0;
        });
  }

  @Test
  void aMonthSoFarAndAsItWillBe() {
    TIME.set(Instant.parse("2026-06-20T20:00:00Z")); // 22:00 there
    OwnPoint point =
        household(
            "Outlook-1", "flat", LocalDate.of(2026, 5, 20), JUNE.plusDays(19).atTime(12, 0), 250);

    Outlook outlook = use.outlook(point);

    assertThat(outlook.month()).isEqualTo(YearMonth.of(2026, 6));
    // 19 days of 24 kWh and 12 kWh until noon; 0.20 each, 20 of 30 days of 6.00
    assertThat(outlook.soFar().taken()).isEqualByComparingTo("468");
    assertThat(outlook.soFar().cost().orElseThrow()).isEqualByComparingTo("97.60");
    assertThat(outlook.soFar().due()).isEqualTo(19 * 96 + 88);
    assertThat(outlook.soFar().missing()).isEqualTo(40);
    // 30 x 24 = 720 kWh; 144.00 and 6.00
    Outlook.Forecast forecast = outlook.forecast().orElseThrow();
    assertThat(forecast.taken()).isEqualByComparingTo("720");
    assertThat(forecast.cost().orElseThrow()).isEqualByComparingTo("150.00");
  }

  @Test
  void nothingOfBeforeItWasTheirs() {
    TIME.set(Instant.parse("2026-06-20T20:00:00Z"));
    household("Moved-1", "flat", JUNE, JUNE.plusDays(19).atStartOfDay(), 250);
    Instant noon = LocalDate.of(2026, 6, 10).atTime(12, 0).atZone(ZURICH).toInstant();
    OwnPoint point = use.point("Moved-1", noon).orElseThrow();

    Usage usage = use.usage(point, JUNE, LocalDate.of(2026, 6, 20));

    assertThat(usage.days()).hasSize(11);
    Usage.Day first = usage.days().getFirst();
    assertThat(first.date()).isEqualTo("2026-06-10");
    assertThat(first.used().taken()).isEqualByComparingTo("12");
    assertThat(first.used().due()).isEqualTo(48);
    assertThat(usage.months().getFirst().used().taken()).isEqualByComparingTo("228"); // 12 + 9 x 24
  }

  @Test
  void aBudgetIsLookedAtByNightAndNotedOnce() {
    TIME.set(Instant.parse("2026-06-20T20:00:00Z"));
    household(
        "Budget-1",
        "flat",
        LocalDate.of(2026, 5, 1),
        LocalDate.of(2026, 8, 31).atStartOfDay(),
        250);
    assertThat(
            store
                .users()
                .add(
                    new User("petra", Set.of("CONSUMER"), "hash", false, false, "", 1, TIME.get()),
                    DESK))
        .isTrue();
    assertThat(store.accounts().link("A-Budget-1", "petra", DESK)).isTrue();
    BudgetBook budgets = store.budgets();
    assertThat(budgets.set("petra", "Budget-1", new BigDecimal("140.00"), "CHF")).isTrue();
    BudgetWatch watch = new BudgetWatch(store, use, TIME::get);

    TIME.set(Instant.parse("2026-06-21T02:30:00Z")); // 04:30: validation is at work
    assertThat(watch.look()).isZero();
    TIME.set(Instant.parse("2026-06-21T03:30:00Z"));
    assertThat(watch.look()).isEqualTo(1);
    assertThat(watch.look()).as("once a night").isZero();
    TIME.set(Instant.parse("2026-06-22T03:30:00Z"));
    assertThat(watch.look()).as("once a month").isZero();
    assertThat(new BudgetWatch(store, use, TIME::get).look()).as("after a restart").isZero();
    BudgetBook.Budget budget = budgets.find("PETRA", "Budget-1").orElseThrow();
    assertThat(budgets.alerts(budget))
        .singleElement()
        .satisfies(alert -> {
          assertThat(alert.kind()).isEqualTo(BudgetBook.Kind.FORECAST);
          assertThat(alert.month()).isEqualTo(YearMonth.of(2026, 6));
          assertThat(alert.reached()).isEqualByComparingTo("150.00");
          assertThat(alert.at()).isEqualTo("2026-06-21T03:30:00Z");
        });

    // the 30th: 29 days of 24 kWh and part of that day pass it by themselves
    TIME.set(Instant.parse("2026-06-30T15:00:00Z"));
    assertThat(watch.look()).isEqualTo(1);
    assertThat(budgets.alerts(budget).getFirst().kind()).isEqualTo(BudgetBook.Kind.SUM);

    // a higher one is passed anew, a high one is not
    assertThat(budgets.set("petra", "Budget-1", new BigDecimal("141.00"), "CHF")).isTrue();
    assertThat(new BudgetWatch(store, use, TIME::get).look()).isEqualTo(1);
    assertThat(budgets.set("petra", "Budget-1", new BigDecimal("500.00"), "CHF")).isTrue();
    TIME.set(Instant.parse("2026-07-25T15:00:00Z"));
    assertThat(watch.look()).isZero();

    // another month is another one: 31 x 24 x 0.2 + 6 = 154.80
    assertThat(budgets.set("petra", "Budget-1", new BigDecimal("154.79"), "CHF")).isTrue();
    TIME.set(Instant.parse("2026-07-26T15:00:00Z"));
    assertThat(watch.look()).isEqualTo(1);

    // whose point it is no more gets nothing
    assertThat(store.accounts().unlink("A-Budget-1", "petra", DESK)).isTrue();
    assertThat(budgets.set("petra", "Budget-1", new BigDecimal("1.00"), "CHF")).isTrue();
    TIME.set(Instant.parse("2026-07-27T15:00:00Z"));
    assertThat(watch.look()).isZero();
    assertThat(store.users().remove("petra", DESK)).isTrue();
    assertThat(budgets.find("petra", "Budget-1")).as("it goes with the user").isEmpty();
  }

  @Test
  @DisplayName("C32: similar households are told as quartiles, and nothing of nine of them")
  void similarHouseholds() throws Exception {
    tariff(
        "alike",
        "gridwarden-tariff: 1\nname: Alike\ncurrency: CHF\nrounding: {lines: half-up}\n"
            + "energy: {price: 0.20}\n");
    TIME.set(Instant.parse("2026-06-05T10:00:00Z"));
    LocalDate may = LocalDate.of(2026, 5, 1);
    OwnPoint point = null;
    for (int i = 1; i <= 9; i++) {
      // 100, 200 ... 900 Wh an hour: 2.4, 4.8 ... kWh a day
      OwnPoint one = household("Alike-" + i, "alike", may, JUNE.atStartOfDay(), 25L * i);
      point = i == 3 ? one : point;
    }
    // these are none of them: another tariff, and one that was measured on a few days only
    household("Other-1", "flat", may, JUNE.atStartOfDay(), 5_000);
    household("Alike-short", "alike", may, may.plusDays(10).atStartOfDay(), 5_000);
    OwnPoint own = java.util.Objects.requireNonNull(point);

    assertThat(use.comparison(own)).as("nine").isEmpty();
    household("Alike-10", "alike", may, JUNE.atStartOfDay(), 250);

    assertThat(use.comparison(own)).as("asked once a day").isEmpty();
    TIME.set(Instant.parse("2026-06-06T10:00:00Z"));
    Comparison.Result result = use.comparison(own).orElseThrow();
    assertThat(result.month()).isEqualTo(YearMonth.of(2026, 5));
    assertThat(result.households()).isEqualTo(10);
    // May has 31 days: 3 x 2.4 x 31 = 223.2
    assertThat(result.own().orElseThrow()).isEqualByComparingTo("223");
    // of 1 ... 10 the quartiles are 3.25, 5.5 and 7.75: x 74.4
    assertThat(result.lower()).isEqualByComparingTo("242");
    assertThat(result.median()).isEqualByComparingTo("409");
    assertThat(result.upper()).isEqualByComparingTo("577");
  }
}
