package org.gridwarden.mdm.vee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Severity;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The night over a real store: versions, late data, people's edits, what is held. */
class NightRunIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final SlotVersions.Channel CHANNEL =
      new SlotVersions.Channel(ENERGY, Duration.ofMinutes(15), Unit.WATT_HOUR, 0);
  private static final LocalDate FIRST = LocalDate.of(2026, 3, 2);
  private static final LocalDate DAY = LocalDate.of(2026, 3, 29);
  private static final Instant NIGHT = Instant.parse("2026-03-30T02:00:00Z");

  @TempDir private static Path folder;
  private static Store store;
  private static int meters;

  private MeterId meter;
  private StoredCurves curves;
  private NightRun night;
  private SlotEdits edits;

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder));
  }

  @BeforeEach
  void take() {
    meter = register();
    curves = new StoredCurves(store.blocks(), store.slotVersions());
    edits = new SlotEdits(store.slotVersions(), InstantSource.fixed(NIGHT));
    night = new NightRun(store, RuleBook.shipped(), InstantSource.fixed(NIGHT));
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static MeterId register() {
    MeterId id = new MeterId("V" + ++meters);
    store
        .meters()
        .put(
            new Meter(
                id,
                id.value(),
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "");
    return id;
  }

  @Test
  void aGapBecomesVersionsOnceAndTheRawStays() {
    keep(40, 60);

    NightRun.Outcome once = run();

    assertThat(once.findings()).extracting(f -> f.rule()).containsExactly(Rule.GAP);
    assertThat(once.versions()).isEqualTo(20);
    List<SlotVersions.Version> versions = versions();
    assertThat(versions)
        .hasSize(20)
        .allSatisfy(v -> {
          assertThat(v.number()).isEqualTo(1);
          assertThat(v.quality()).isEqualTo(Quality.ESTIMATED);
          assertThat(v.cause()).isEqualTo("gap");
          assertThat(v.method()).isEqualTo("blend");
          assertThat(v.by()).isEqualTo(Actor.system("validation"));
          assertThat(v.at()).isEqualTo(NIGHT);
        });
    Curve done = finished();
    assertThat(done.values()).hasSize(92);
    assertThat(done.missing(0, 92)).isZero();
    try (var raw = store.blocks().read(meter, Layer.RAW, start(0), start(91))) {
      IntervalBlock block = raw.toList().getLast();
      assertThat(block.qualityOf(50)).isEqualTo(Quality.MISSING);
    }

    assertThat(run().versions()).as("a second run").isZero();
    assertThat(versions()).isEqualTo(versions);
  }

  @Test
  void lateDataTakesItsEstimatesBackAndTheRestOfTheGapIsEstimatedAnew() {
    keep(40, 60);
    run();
    List<SlotVersions.Version> before = versions();
    // slots 40 to 49 come late
    merge(DAY, 50, 60);

    NightRun.Outcome late = run();

    // ten are taken back; what is left of the gap has other neighbours now
    assertThat(late.versions()).isBetween(11, 20);
    Curve done = finished();
    for (int i = 40; i < 50; i++) {
      assertThat(done.values()[i]).isEqualTo(value(DAY, i));
      assertThat(done.quality()[i]).isEqualTo(Quality.GOOD);
    }
    assertThat(done.quality()[55]).isEqualTo(Quality.ESTIMATED);
    assertThat(store.slotVersions().all(meter, CHANNEL, start(0), start(91)))
        .containsAll(before)
        .hasSize(20 + late.versions());
    assertThat(run().versions()).isZero();
  }

  @Test
  void whatAPersonSetStaysUntilTakenBack() {
    keep(40, 44);
    run();
    Actor olivia = new Actor(Actor.Kind.PERSON, "olivia");
    long estimate = finished().values()[41];

    store
        .unitOfWork()
        .call(tx -> {
          edits.set(tx, meter, CHANNEL, start(41), List.of(777L, 778L), olivia, "read by eye");
          return 0;
        });

    assertThat(finished().values()[41]).isEqualTo(777);
    run();
    assertThat(finished().values()[41]).isEqualTo(777);
    assertThat(versions().get(1).reason()).isEqualTo("read by eye");

    int undone =
        store
            .unitOfWork()
            .call(tx -> edits.undo(tx, meter, CHANNEL, start(0), start(91), olivia, "a slip"));

    assertThat(undone).isEqualTo(2);
    assertThat(finished().values()[41]).isEqualTo(estimate);
    assertThat(store.slotVersions().all(meter, CHANNEL, start(41), start(42))).hasSize(3);
  }

  @Test
  void nothingIsMadeUpBeforeAMetersFirstValue() {
    merge(DAY, 0, 30);

    assertThat(run()).isEqualTo(new NightRun.Outcome(List.of(), 0, 0));
  }

  @Test
  @DisplayName("C20: what is held is neither filled nor a model for other gaps")
  void whatIsHeldIsLeftAlone() {
    keep(40, 60);
    int number = store.meters().number(meter);
    Actor office = Actor.system("test");
    store
        .unitOfWork()
        .call(tx -> {
          long open = store.cases().open(tx, number, Severity.FAULT, office, "opened", NIGHT).id();
          return store.holds().begin(tx, number, start(0), open, "opened", office, NIGHT);
        });

    NightRun.Outcome outcome = run();

    assertThat(outcome.versions()).isZero();
    assertThat(outcome.findings()).isEmpty();
  }

  @Test
  void theWatchRunsOnceANightForEveryZone() {
    keep(40, 60);
    NightWatch watch =
        new NightWatch(
            store, RuleBook.shipped(), InstantSource.fixed(Instant.parse("2026-03-30T02:30:00Z")));

    assertThat(watch.look()).isGreaterThanOrEqualTo(20);
    assertThat(watch.look()).isZero();
    assertThat(finished().missing(0, 92)).isZero();
  }

  @Test
  void anEditNeedsAPersonAndAReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            store
                .unitOfWork()
                .call(tx -> {
                  edits.set(tx, meter, CHANNEL, start(1), List.of(1L), Actor.system("x"), "why");
                  return 0;
                }))
        .withMessageContaining("person");
  }

  /** All days but a hole in the last. */
  private void keep(int from, int to) {
    for (LocalDate date = FIRST; date.isBefore(DAY); date = date.plusDays(1)) {
      merge(date, 0, 0);
    }
    merge(DAY, from, to);
  }

  /** A day without the slots from one to another. */
  private void merge(LocalDate date, int from, int to) {
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(date, i);
    }
    Arrays.fill(quality, from, to, Quality.MISSING);
    IntervalBlock block =
        new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, List.of(block));
          return 0;
        });
  }

  private static long value(LocalDate date, int slot) {
    return 100 + 3L * (slot % 24) + date.getDayOfMonth() % 5;
  }

  private NightRun.Outcome run() {
    return night.run(meter, RuleBook.USUAL, ZURICH, DAY, DAY.plusDays(1));
  }

  private List<SlotVersions.Version> versions() {
    return store.slotVersions().current(meter, CHANNEL, start(0), start(91));
  }

  private Curve finished() {
    return Objects.requireNonNull(
        curves.finished(meter, ZURICH, DAY, DAY.plusDays(1)).get(CHANNEL));
  }

  private static Instant start(int slot) {
    return Day.of(DAY, ZURICH, Duration.ofMinutes(15)).startOf(slot);
  }
}
