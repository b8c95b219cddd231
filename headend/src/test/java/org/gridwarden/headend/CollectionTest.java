package org.gridwarden.headend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionTurn.Schedule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Schedules, links, retries and clocks, with a clock that the test moves. */
class CollectionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int TEN_DAYS = 10 * 96;

  private final TestField field = new TestField();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Collection collection = collection(settings(100, 4, Map.of()));

  private static CollectionSettings settings(
      int sessions, int perLink, Map<String, Integer> links) {
    CollectionSettings usual = CollectionSettings.defaults();
    return new CollectionSettings(
        true,
        usual.billingEvery(),
        usual.profilesEvery(),
        Duration.ofMinutes(1),
        usual.backfill(),
        usual.settling(),
        sessions,
        perLink,
        links,
        usual.session(),
        usual.firstRetry(),
        usual.lastRetry(),
        usual.vain(),
        usual.clock());
  }

  private Collection collection(CollectionSettings settings) {
    return new Collection(
        settings, field, field, List.of(field), field, field.clock, new Random(7), metrics);
  }

  @AfterEach
  void stop() {
    collection.close();
  }

  /** One look, and waits until all that it began has been written down. */
  private void round() {
    collection.step();
    await()
        .atMost(SOON)
        .until(() -> {
          collection.step();
          return collection.state().equals(new Collection.State(0, 0));
        });
    collection.step();
  }

  private CollectionResult result(TestField.TestMeter meter, Schedule schedule) {
    return Optional.ofNullable(field.results.getOrDefault(meter.id(), Map.of()).get(schedule))
        .orElseThrow(() -> new AssertionError("no result of " + schedule));
  }

  @Test
  @DisplayName("a new meter is read at once; then registers daily and profiles every four hours")
  void schedules() {
    TestField.TestMeter meter = field.meter("M1", "");
    round();
    assertThat(meter.opened).hasValue(1);
    assertThat(field.slots(meter)).isEqualTo(TEN_DAYS - 1);
    assertThat(result(meter, Schedule.PROFILES).missing()).isZero();
    assertThat(result(meter, Schedule.PROFILES).expected()).isEqualTo(TEN_DAYS - 1);
    Instant profiles = result(meter, Schedule.PROFILES).due();
    assertThat(profiles)
        .isBetween(Instant.parse("2026-11-24T16:05:00Z"), Instant.parse("2026-11-24T16:06:00Z"));
    assertThat(result(meter, Schedule.BILLING).due())
        .isBetween(Instant.parse("2026-11-25T00:05:00Z"), Instant.parse("2026-11-25T00:06:00Z"));

    meter.asked.clear();
    field.clock.advance(Duration.between(field.clock.instant(), profiles));
    round();
    assertThat(meter.asked.stream().flatMap(p -> p.channels().stream()))
        .containsExactly(TestField.PROFILE, TestField.LOG);
    ReadPlan plan = meter.asked.getFirst();
    assertThat(plan.from()).as("only what is new").isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
    assertThat(plan.to()).isEqualTo(Instant.parse("2026-11-24T16:00:00Z"));
    assertThat(
            metrics
                .get("gridwarden.collection.turns")
                .tag("outcome", "succeeded")
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  @DisplayName("a turn that fails is tried again after a pause that doubles, and is complete then")
  void retries() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.dead = true;
    Instant before = field.clock.instant();
    List<Duration> pauses = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      round();
      CollectionResult result = result(meter, Schedule.PROFILES);
      assertThat(result.failures()).isEqualTo(i);
      assertThat(result.missing()).isPositive();
      assertThat(result.fault()).contains("no answer in time");
      Instant due =
          result.due().isAfter(result(meter, Schedule.BILLING).due())
              ? result.due()
              : result(meter, Schedule.BILLING).due();
      pauses.add(Duration.between(field.clock.instant(), due));
      field.clock.advance(pauses.getLast());
    }
    assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
    assertThat(pauses.getLast()).isBetween(Duration.ofHours(3), Duration.ofHours(9));
    meter.dead = false;
    round();
    assertThat(result(meter, Schedule.PROFILES).failures()).isZero();
    assertThat(result(meter, Schedule.PROFILES).missing()).isZero();
    assertThat(Duration.between(before, field.clock.instant())).isGreaterThan(Duration.ofHours(6));
  }

  @Test
  @DisplayName("gaps are refilled from the oldest on, and what came before a break is kept")
  void oldestFirst() {
    TestField.TestMeter meter = field.meter("M1", "");
    round();
    // two holes, far apart
    forget(meter, "2026-11-20T00:00:00Z", "2026-11-20T06:00:00Z");
    forget(meter, "2026-11-22T00:00:00Z", "2026-11-22T06:00:00Z");
    meter.asked.clear();
    meter.breaksAfter = 1;
    field.clock.advance(Duration.ofHours(5));
    round();
    assertThat(meter.asked.getFirst().from()).isEqualTo(at("2026-11-20T00:00:00Z"));
    assertThat(meter.asked.get(1).from()).isEqualTo(at("2026-11-22T00:00:00Z"));
    assertThat(result(meter, Schedule.PROFILES).fault()).isNotEmpty();
    assertThat(result(meter, Schedule.PROFILES).missing()).isEqualTo(24 + 20);
    meter.breaksAfter = Integer.MAX_VALUE;
    field.clock.advance(Duration.ofMinutes(2));
    meter.asked.clear();
    round();
    assertThat(meter.asked.getFirst().from()).isEqualTo(at("2026-11-22T00:00:00Z"));
    assertThat(result(meter, Schedule.PROFILES).missing()).isZero();
  }

  private void forget(TestField.TestMeter meter, String from, String to) {
    field.stored.getOrDefault(meter.id(), new TreeMap<>()).subMap(at(from), at(to)).clear();
  }

  private static Instant at(String text) {
    return Instant.parse(text);
  }

  @Test
  @DisplayName("what a meter does not have is asked for three times, and reported as missing still")
  void inVain() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.keeps = at("2026-11-20T00:00:00Z");
    for (int i = 0; i < 3; i++) {
      round();
      assertThat(result(meter, Schedule.PROFILES).missing()).isGreaterThan(400);
      field.clock.advance(Duration.ofHours(4));
    }
    meter.asked.clear();
    round();
    assertThat(meter.asked.stream().filter(p -> p.channels().contains(TestField.PROFILE)))
        .allSatisfy(p -> assertThat(p.from()).isAfterOrEqualTo(meter.keeps))
        .isNotEmpty();
    assertThat(result(meter, Schedule.PROFILES).missing()).isGreaterThan(400);
    assertThat(result(meter, Schedule.PROFILES).givenUp()).contains(meter.keeps);
  }

  @Test
  @DisplayName("no more sessions over a link than it bears, and a slow link holds up no other")
  void links() {
    collection = collection(settings(20, 3, Map.of("cell", 5)));
    CountDownLatch hold = new CountDownLatch(1);
    for (int i = 0; i < 40; i++) {
      field.meter("C" + i, "concentrator").holds = Optional.of(hold);
      field.meter("D" + i, "cell").holds = Optional.of(hold);
    }
    List<TestField.TestMeter> free = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      free.add(field.meter("F" + i, "own-" + i));
    }
    collection.step();
    await()
        .atMost(SOON)
        .until(() -> {
          collection.step();
          return free.stream().allMatch(m -> field.results.containsKey(m.id()));
        });
    assertThat(collection.state().running()).isEqualTo(3 + 5);
    hold.countDown();
    round();
    assertThat(field.mostByLink).containsEntry("concentrator", 3).containsEntry("cell", 5);
    assertThat(field.most).isLessThanOrEqualTo(20);
    assertThat(field.results).hasSize(110);
  }

  @Test
  @DisplayName(
      "C36: a clock a little off is corrected with an event, once; a runaway raises an alarm")
  void clockCorrected() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.off = Duration.ofSeconds(45);
    round();
    assertThat(meter.shifts).containsExactly(Duration.ofSeconds(-45));
    assertThat(field.audited).containsExactly("M1 -45");
    assertThat(codes()).containsExactly("clock.corrected");
    assertThat(field.clocks.values()).allSatisfy(k -> assertThat(k.corrected()).isTrue());
    meter.off = Duration.ofSeconds(60);
    field.clock.advance(Duration.ofHours(5));
    round();
    assertThat(meter.shifts).hasSize(1);
    assertThat(codes()).containsExactly("clock.corrected", "clock.runaway");
  }

  @Test
  @DisplayName("C36: a clock far off raises an alarm and nothing is set; one in tolerance is left")
  void clockAlarm() {
    TestField.TestMeter far = field.meter("M1", "");
    far.off = Duration.ofMinutes(-10);
    TestField.TestMeter fine = field.meter("M2", "");
    fine.off = Duration.ofSeconds(9);
    round();
    assertThat(far.shifts).isEmpty();
    assertThat(fine.shifts).isEmpty();
    assertThat(codes()).containsExactly("clock.alarm");
    assertThat(field.audited).isEmpty();
    assertThat(field.slots(far)).as("its intervals are read all the same").isPositive();
    assertThat(metrics.get("gridwarden.collection.clock.alarms").counter().count()).isEqualTo(1);
  }

  @Test
  @DisplayName("C36: a session without keys does not correct")
  void clockWithoutKeys() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.off = Duration.ofSeconds(45);
    meter.assurance = Assurance.NONE;
    round();
    assertThat(meter.shifts).isEmpty();
    assertThat(codes()).containsExactly("clock.skew");
  }

  private List<String> codes() {
    return field.told.stream().map(r -> ((Warning) r.content().getFirst()).code()).toList();
  }

  @Test
  void aMeterThatHasNotCalledInIsLookedForAgainSoon() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.here = false;
    for (int i = 0; i < 8; i++) {
      round();
      field.clock.advance(Duration.ofMinutes(15));
    }
    assertThat(meter.opened).hasValue(0);
    assertThat(result(meter, Schedule.PROFILES).failures()).isEqualTo(8);
    meter.here = true;
    round();
    assertThat(result(meter, Schedule.PROFILES).missing()).isZero();
  }

  @Test
  void onDemandAMeterIsReadNowAndItsScheduleKnows() throws Exception {
    TestField.TestMeter meter = field.meter("M1", "");
    List<Message> messages = collection.read(meter.id());
    assertThat(messages)
        .singleElement()
        .satisfies(m -> assertThat(((Usage) m).slots()).hasSize(TEN_DAYS - 1));
    assertThat(field.slots(meter)).isEqualTo(TEN_DAYS - 1);
    meter.dead = true;
    collection.step();
    assertThatThrownBy(() -> collection.read(meter.id()))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.TIMEOUT));
    assertThatThrownBy(() -> collection.read(new MeterId("unknown")))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.CONFLICT));
  }

  @Test
  void aSessionCanBeCancelledAndIsTriedAgain() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.holds = Optional.of(new CountDownLatch(1));
    collection.step();
    await().atMost(SOON).until(() -> field.open.get() == 1);
    assertThat(collection.cancel(meter.id())).isTrue();
    await().atMost(SOON).until(() -> collection.state().running() == 0);
    assertThat(collection.cancel(meter.id())).isFalse();
    collection.step();
    assertThat(result(meter, Schedule.PROFILES).fault()).contains("cancelled");
  }

  @Test
  @DisplayName(
      "C38: while the book cannot be written what has ended is kept, and nothing read twice")
  void bookAway() {
    TestField.TestMeter meter = field.meter("M1", "");
    field.bookFails = true;
    collection.step();
    await().atMost(SOON).until(() -> collection.state().running() == 0);
    assertThatThrownBy(collection::step).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(collection::step).isInstanceOf(IllegalStateException.class);
    assertThat(meter.opened).hasValue(1);
    field.bookFails = false;
    collection.step();
    assertThat(result(meter, Schedule.PROFILES).missing()).isZero();
    assertThat(meter.opened).hasValue(1);
  }

  @Test
  void closingEndsWhatRunsAndLeavesItDue() {
    TestField.TestMeter meter = field.meter("M1", "");
    meter.holds = Optional.of(new CountDownLatch(1));
    collection.start();
    await().atMost(SOON).until(() -> field.open.get() == 1);
    collection.close();
    assertThat(field.open).hasValue(0);
    assertThat(field.results).isEmpty();
  }
}
