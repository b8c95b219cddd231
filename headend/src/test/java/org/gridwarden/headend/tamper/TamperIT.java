package org.gridwarden.headend.tamper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.Holds;
import org.gridwarden.store.MeterCase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a stored warning to alarm, case and quarantine, on a real database. */
class TamperIT {
  /** What is promised; on a shared machine that builds, the machine itself may take longer. */
  private static final Duration STATED = Duration.ofSeconds(System.getenv("CI") == null ? 2 : 60);

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @TempDir static Path data;
  private static Watch watch;

  @BeforeAll
  static void open() {
    watch = new Watch(data);
  }

  @AfterAll
  static void close() {
    watch.close();
  }

  @Test
  @DisplayName("C19: a meter whose cover is opened is in quarantine, with its case, within 2 s")
  void quarantinesWithinTheStatedTime() {
    MeterId meter = watch.meter();
    try (TamperDesk desk = watch.desk()) {
      watch.push(meter, Watch.warning(meter, "tamper.meter-cover", Severity.CRITICAL, NOW));
      await()
          .atMost(STATED)
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(watch.state(meter)).isEqualTo(Meter.State.QUARANTINED));
    }
    assertThat(watch.alarms(meter))
        .singleElement()
        .satisfies(alarm -> {
          assertThat(alarm.severity()).isEqualTo(Severity.CRITICAL);
          assertThat(alarm.state()).isEqualTo(Alarm.State.OPEN);
        });
    MeterCase about = watch.cases(meter).getFirst();
    assertThat(watch.store.cases().story(about.id()))
        .extracting(MeterCase.Step::what)
        .containsExactly(MeterCase.What.OPENED, MeterCase.What.ALARM, MeterCase.What.QUARANTINED);
    assertThat(watch.keysInForce(meter)).as("a cover alone takes no keys").isEqualTo(1);
    MeterCase.Proof proof = watch.store.cases().evidence(about.id()).getFirst();
    byte[] raw = watch.store.evidence().at(proof.place()).orElseThrow();
    assertThat(new String(raw, StandardCharsets.UTF_8)).startsWith(meter + " ");
  }

  @Test
  @DisplayName("C19: with the cover open and a probe inside, the office revokes the meter's keys")
  void revokesKeysWhereSomebodyIsInside() {
    MeterId meter = watch.meter();
    MeterId said = watch.meter();
    MeterId magnet = watch.meter();
    try (TamperDesk desk = watch.desk()) {
      watch.push(magnet, Watch.warning(magnet, "tamper.magnet", Severity.CRITICAL, NOW));
      watch.push(meter, Watch.warning(meter, "tamper.meter-cover", Severity.CRITICAL, NOW));
      watch.push(meter, Watch.warning(meter, "tamper.probing", Severity.CRITICAL, NOW));
      watch.push(said, Watch.warning(said, "tamper.keys-erased", Severity.CRITICAL, NOW));
      await()
          .atMost(STATED)
          .untilAsserted(() -> {
            assertThat(watch.keysInForce(meter)).isZero();
            assertThat(watch.keysInForce(said)).isZero();
            assertThat(watch.cases(magnet)).isNotEmpty();
          });
    }
    assertThat(watch.keysInForce(magnet)).as("a magnet blacks out no street").isEqualTo(1);
    assertThat(watch.state(magnet)).isEqualTo(Meter.State.ACTIVE);
    assertThat(watch.cases(meter)).as("one case a meter").hasSize(1);
  }

  @Test
  @DisplayName("C19: what was stored before a crash is judged by the next start's desk, once")
  void aCrashLosesNothing() {
    MeterId meter = watch.meter();
    watch.push(meter, Watch.warning(meter, "tamper.meter-cover", Severity.CRITICAL, NOW));
    assertThat(watch.alarms(meter)).as("nobody was there").isEmpty();
    // a desk that dies in the middle: its transaction does not commit
    assertThatThrownBy(() ->
            watch
                .store
                .meters()
                .changing(changes -> {
                  Judgement judgement =
                      new Judgement(watch.store, TamperPolicy.usual(), Instant::now);
                  assertThat(judgement.of(changes, 1_000).taken()).isPositive();
                  throw new IllegalStateException("killed");
                }))
        .hasMessage("killed");
    assertThat(watch.state(meter)).isEqualTo(Meter.State.ACTIVE);
    try (TamperDesk desk = watch.desk()) {
      await()
          .atMost(STATED)
          .untilAsserted(() -> assertThat(watch.state(meter)).isEqualTo(Meter.State.QUARANTINED));
    }
    assertThat(watch.alarms(meter)).singleElement().returns(1L, Alarm::count);
    assertThat(watch.store.alarmQueue().size()).isZero();
  }

  @Test
  @DisplayName("C19: told by push, alarm register and the meter's own log, it is one alarm")
  void joinsWhatIsToldInSeveralWays() {
    MeterId meter = watch.meter();
    try (TamperDesk desk = watch.desk()) {
      for (int i = 0; i < 3; i++) {
        Instant at = NOW.plusSeconds(i);
        watch.push(meter, Watch.warning(meter, "tamper.magnet", Severity.CRITICAL, at));
      }
      watch.push(meter, told(meter, NOW.plusSeconds(9), Warning.Source.REGISTER));
      for (int i = 0; i < 3; i++) {
        watch.push(meter, told(meter, NOW.plusSeconds(i), Warning.Source.LOGGED));
      }
      drained();
      assertThat(watch.alarms(meter))
          .singleElement()
          .satisfies(alarm -> {
            assertThat(alarm.count()).isEqualTo(3);
            assertThat(alarm.sources())
                .containsExactlyInAnyOrder(
                    Warning.Source.PUSHED, Warning.Source.REGISTER, Warning.Source.LOGGED);
          });
      long about = watch.cases(meter).getFirst().id();
      watch.cases.close(about, MeterCase.Verdict.FALSE_ALARM, "A loudspeaker.", Watch.ANNA);
      watch.push(meter, told(meter, NOW, Warning.Source.LOGGED));
      drained();
      assertThat(watch.alarms(meter)).as("the log read later opens nothing again").hasSize(1);
      watch.push(meter, Watch.warning(meter, "tamper.magnet", Severity.CRITICAL, NOW));
      drained();
      assertThat(watch.cases(meter)).as("a push does, whatever its clock says").hasSize(2);
    }
  }

  @Test
  @DisplayName("C20: from the tamper on readings are held, until another person releases a span")
  void holdsUntilAPersonReleases() {
    MeterId meter = watch.meter();
    Instant before = NOW.minus(Duration.ofHours(10));
    Instant tamper = NOW.minus(Duration.ofHours(4));
    try (TamperDesk desk = watch.desk()) {
      watch.push(meter, slots(meter, before, 39));
      watch.push(meter, Watch.warning(meter, "tamper.meter-cover", Severity.CRITICAL, tamper));
      drained();
      watch.push(meter, slots(meter, NOW.minus(Duration.ofMinutes(15)), 1));
    }
    String all = "SELECT count(*) FROM interval_reading WHERE meter_id = '" + meter + "'";
    String billable = all.replace("interval_reading", "billable_reading");
    assertThat(watch.number(all)).as("kept").isEqualTo(40);
    Holds holds = watch.store.holds();
    assertThat(holds.billable(meter, before, NOW)).containsExactly(new Holds.Span(before, tamper));
    assertThat(watch.number(billable)).as("readings before are not touched").isEqualTo(24);

    long about = watch.cases(meter).getFirst().id();
    assertThatThrownBy(() -> release(meter, Optional.empty(), Watch.BERT))
        .hasMessageContaining("it is open");
    watch.cases.close(about, MeterCase.Verdict.MAINTENANCE, "The fitter was there.", Watch.ANNA);
    assertThat(watch.number(billable)).as("a verdict alone releases nothing").isEqualTo(24);
    assertThatThrownBy(() -> release(meter, Optional.empty(), Watch.ANNA))
        .hasMessageContaining("another person releases");

    Instant half = NOW.minus(Duration.ofHours(2));
    release(meter, Optional.of(half), Watch.BERT);
    assertThat(watch.state(meter)).isEqualTo(Meter.State.ACTIVE);
    assertThat(holds.held(meter)).containsExactly(new Holds.Span(tamper, half));
    assertThat(watch.number(billable)).isEqualTo(40 - 8);
    release(meter, Optional.empty(), Watch.BERT);
    assertThat(watch.number(billable)).as("a later release makes them billable").isEqualTo(40);
    assertThat(holds.releases(meter))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.by()).isEqualTo("bert"))
        .last()
        .satisfies(r -> assertThat(r.span().from()).isEqualTo(half));
    assertThatThrownBy(() -> release(meter, Optional.empty(), Watch.BERT))
        .hasMessageContaining("nothing of it is held");
  }

  @Test
  @DisplayName("C20: what was released once is held again where a later tamper reaches back to it")
  void aLaterTamperHoldsAgain() {
    MeterId meter = watch.meter();
    try (TamperDesk desk = watch.desk()) {
      watch.cases.quarantine(meter, "seals are broken", Watch.ANNA);
      watch.cases.close(
          watch.cases(meter).getFirst().id(), MeterCase.Verdict.FAULT, "Old.", Watch.ANNA);
      release(meter, Optional.empty(), Watch.BERT);
      Instant back = NOW.minus(Duration.ofDays(3));
      watch.push(meter, Watch.warning(meter, "tamper.meter-cover", Severity.CRITICAL, back));
      drained();
      assertThat(watch.store.holds().held(meter))
          .containsExactly(new Holds.Span(back, Instant.MAX));
    }
  }

  @Test
  @DisplayName("C35: a storm becomes one row that counts; a critical alarm amid it stands alone")
  void aStormIsGrouped() {
    List<MeterId> meters = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      meters.add(watch.meter());
    }
    MeterId robbed = watch.meter();
    for (MeterId meter : meters) {
      watch.push(meter, Watch.warning(meter, "voltage.test", Severity.FAULT, NOW));
    }
    watch.push(robbed, Watch.warning(robbed, "tamper.magnet", Severity.CRITICAL, NOW));
    try (TamperDesk desk = watch.desk(20, 3)) {
      drained();
      List<Alarm> storm = word("voltage.test");
      assertThat(storm).as("20 alone, one for the others").hasSize(21);
      assertThat(storm.stream().filter(a -> a.meter().isEmpty()))
          .singleElement()
          .returns(40L, Alarm::meters);
      assertThat(watch.alarms(robbed)).hasSize(1);
      assertThat(watch.number("SELECT count(*) FROM event WHERE code = 'voltage.test'"))
          .as("what was acknowledged is stored all the same")
          .isEqualTo(60);
    }
  }

  @Test
  @DisplayName("C35: amid 20,000 events of a storm a critical one is judged within its 2 s")
  void aCriticalOneIsNotDelayedByAStorm() {
    MeterId noisy = watch.meter();
    MeterId robbed = watch.meter();
    for (int push = 0; push < 20; push++) {
      List<Warning> many = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        many.add(Watch.warning(noisy, "noise." + (push * 1_000 + i), Severity.ATTENTION, NOW));
      }
      watch.push(noisy, many.toArray(Warning[]::new));
    }
    long begun = System.nanoTime();
    try (TamperDesk desk = watch.desk(1, 1)) {
      watch.push(robbed, Watch.warning(robbed, "tamper.magnet", Severity.CRITICAL, NOW));
      await()
          .atMost(STATED)
          .pollInterval(Duration.ofMillis(20))
          .untilAsserted(() -> assertThat(watch.alarms(robbed)).hasSize(1));
      assertThat(watch.store.alarmQueue().size()).as("others wait still").isPositive();
      await().atMost(Duration.ofSeconds(60)).until(() -> watch.store.alarmQueue().size() == 0);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf("tamper desk: %.0f new alarms a second%n", 20_000 / seconds);
  }

  @Test
  @DisplayName("C35: one meter's repeats are a count, with the first messages as evidence")
  void repeatsAreCounted() {
    MeterId meter = watch.meter();
    List<Warning> many = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      many.add(Watch.warning(meter, "tamper.magnet", Severity.CRITICAL, NOW.plusSeconds(i)));
    }
    watch.push(meter, many.toArray(Warning[]::new));
    try (TamperDesk desk = watch.desk(20, 3)) {
      drained();
    }
    assertThat(watch.alarms(meter)).singleElement().returns(500L, Alarm::count);
    assertThat(watch.store.cases().evidence(watch.cases(meter).getFirst().id())).hasSize(3);
  }

  @Test
  @DisplayName("C35: what is most urgent is judged first, whatever waited before it")
  void urgentOnesComeFirst() {
    MeterId noisy = watch.meter();
    MeterId robbed = watch.meter();
    List<Warning> many = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      many.add(Watch.warning(noisy, "noise." + i, Severity.ATTENTION, NOW));
    }
    watch.push(noisy, many.toArray(Warning[]::new));
    watch.push(robbed, Watch.warning(robbed, "tamper.magnet", Severity.CRITICAL, NOW));
    var taken = watch.store.unitOfWork().call(tx -> watch.store.alarmQueue().take(tx, 1));
    assertThat(taken.getFirst().warning().meter()).isEqualTo(robbed);
  }

  @Test
  @DisplayName("C36: slots that come again with other values overwrite nothing: alarm and case")
  void aClockSetBackOverwritesNothing() {
    MeterId meter = watch.meter();
    Instant start = NOW.truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(6));
    try (TamperDesk desk = watch.desk()) {
      watch.push(meter, slots(meter, start, 12));
      String sum =
          "SELECT sum(raw) FROM interval_slot WHERE meter = " + watch.store.meters().number(meter);
      long honest = watch.number(sum);
      Slot forged =
          new Slot(
              ObisCode.parse("1.0.1.29.0.255"),
              start,
              Duration.ofMinutes(15),
              new ScaledValue(1, 0, Unit.WATT_HOUR),
              (byte) 0);
      List<Slot> again = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        again.add(
            new Slot(
                forged.channel(),
                start.plusSeconds(900L * i),
                forged.length(),
                forged.value(),
                (byte) 0));
      }
      watch.push(meter, new Usage(meter, List.of(), again, List.of(), List.of()));
      drained();
      assertThat(watch.number(sum)).isEqualTo(honest);
    }
    assertThat(watch.alarms(meter)).extracting(Alarm::word).containsExactly("slot.revised");
    assertThat(watch.cases(meter)).hasSize(1);
  }

  @Test
  void anAlarmIsAcknowledgedOnceAndAsksAgainWhenItIsToldAgain() {
    MeterId meter = watch.meter();
    try (TamperDesk desk = watch.desk()) {
      watch.push(meter, Watch.warning(meter, "voltage.under", Severity.ATTENTION, NOW));
      drained();
      long id = watch.alarms(meter).getFirst().id();
      assertThat(watch.cases.acknowledge(id, Watch.ANNA).state())
          .isEqualTo(Alarm.State.ACKNOWLEDGED);
      assertThatThrownBy(() -> watch.cases.acknowledge(id, Watch.BERT))
          .hasMessageContaining("somebody took notice before");
      watch.push(meter, Watch.warning(meter, "voltage.under", Severity.ATTENTION, NOW));
      drained();
      assertThat(watch.alarms(meter)).singleElement().returns(Alarm.State.OPEN, Alarm::state);
      watch.cases.acknowledge(id, Watch.BERT);
      watch.push(meter, Watch.warning(meter, "voltage.under.end", Severity.INFO, NOW));
      drained();
      assertThat(watch.alarms(meter)).singleElement().returns(Alarm.State.CLOSED, Alarm::state);
    }
  }

  private static void release(MeterId meter, Optional<Instant> from, org.gridwarden.core.Actor by) {
    watch.cases.release(meter, "the readings agree with last year's", from, Optional.empty(), by);
  }

  private static Warning told(MeterId meter, Instant at, Warning.Source source) {
    return Watch.warning(meter, "tamper.magnet", Severity.CRITICAL, at, source);
  }

  private static List<Alarm> word(String word) {
    return watch
        .store
        .alarms()
        .page(new Alarms.Query(Set.of(), Set.of(), Optional.empty(), word), 0, 1_000)
        .items();
  }

  private static void drained() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> watch.store.alarmQueue().size() == 0);
  }

  private static Usage slots(MeterId meter, Instant from, int count) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slots.add(
          new Slot(
              ObisCode.parse("1.0.1.29.0.255"),
              from.plusSeconds(900L * i),
              Duration.ofMinutes(15),
              new ScaledValue(100 + i, 0, Unit.WATT_HOUR),
              (byte) 0));
    }
    return new Usage(meter, List.of(), slots, List.of(), List.of());
  }
}
