package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is played, skipped and repeated. */
class ClockworkTest {
  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final List<String> heard = new ArrayList<>();
  private Optional<Runnable> then = Optional.empty();

  /** Every quarter of an hour. */
  private final Timed quarterly =
      new Timed() {
        @Override
        public Optional<Instant> next(Instant after) {
          return Optional.of(Recurrence.nextPeriod(900, after, bench.clock.rules()));
        }

        @Override
        public void tick(Instant now) {
          heard.add(now + "");
          assertThat(bench.clock.instant()).isEqualTo(now);
          then.ifPresent(Runnable::run);
        }

        @Override
        public void skipped(Instant from, Instant to) {
          heard.add("skipped " + from + " " + to);
        }

        @Override
        public void repeated(Instant from, Instant to) {
          heard.add("repeated " + from + " " + to);
        }
      };

  private final Clockwork clockwork =
      new Clockwork(bench.clock, List.of(quarterly), Duration.ofHours(2));

  @Test
  void missedMomentsArePlayedWithTheirTime() {
    assertThat(clockwork.next()).contains(Instant.parse("2026-11-23T10:15:00Z"));
    bench.at("2026-11-23T10:40:00Z");
    clockwork.run();
    clockwork.run();
    assertThat(heard).containsExactly("2026-11-23T10:15:00Z", "2026-11-23T10:30:00Z");
    assertThat(bench.clock.instant()).isEqualTo(bench.instant());
    assertThat(clockwork.next()).contains(Instant.parse("2026-11-23T10:45:00Z"));
  }

  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aTimeThatGoesOnMeanwhileIsCaughtUpWith() {
    AtomicLong asked = new AtomicLong();
    Instant begin = bench.instant();
    Clock ticking =
        new Clock(
            ObisCode.parse("0.0.1.0.0.255"),
            () -> begin.plusMillis(asked.incrementAndGet()),
            ZoneOffset.UTC);
    Clockwork real = new Clockwork(ticking, List.of(), Duration.ofHours(2));
    real.run();
    assertThat(asked.get()).as("how often the clock was looked at").isLessThan(20);
  }

  @Test
  void longAbsenceIsAPowerFailure() {
    bench.at("2026-11-23T15:00:00Z");
    clockwork.run();
    assertThat(heard)
        .hasSize(9)
        .startsWith("skipped 2026-11-23T10:00:00Z 2026-11-23T13:00:00Z", "2026-11-23T13:15:00Z")
        .endsWith("2026-11-23T15:00:00Z");
    heard.clear();
    bench.at("2026-11-23T15:50:00Z");
    clockwork.powerFailed(Instant.parse("2026-11-23T15:05:00Z"));
    clockwork.run();
    assertThat(heard).containsExactly("skipped 2026-11-23T15:05:00Z 2026-11-23T15:50:00Z");
  }

  @Test
  void clockSetForwardSkips() {
    bench.at("2026-11-23T10:20:00Z");
    bench.clock.set(2, time("2026-11-23T11:20:00Z"));
    assertThat(heard)
        .as("what was due before the change comes first")
        .containsExactly(
            "2026-11-23T10:15:00Z", "skipped 2026-11-23T10:20:00Z 2026-11-23T11:20:00Z");
    bench.at("2026-11-23T10:30:00Z");
    clockwork.run();
    assertThat(heard).endsWith("2026-11-23T11:30:00Z").hasSize(3);
  }

  @Test
  void clockSetBackRepeats() {
    bench.at("2026-11-23T10:20:00Z");
    bench.clock.set(2, time("2026-11-23T10:05:00Z"));
    bench.at("2026-11-23T10:31:00Z");
    clockwork.run();
    assertThat(heard)
        .containsExactly(
            "2026-11-23T10:15:00Z",
            "repeated 2026-11-23T10:20:00Z 2026-11-23T10:05:00Z",
            "2026-11-23T10:15:00Z");
  }

  @Test
  void synchronisationLosesAndRepeatsNothing() {
    bench.at("2026-11-23T10:14:50Z");
    bench.clock.set(2, time("2026-11-23T10:15:20Z"));
    clockwork.run();
    assertThat(heard).containsExactly("2026-11-23T10:15:00Z");
    bench.at("2026-11-23T10:15:00Z");
    bench.clock.set(2, time("2026-11-23T10:14:50Z"));
    bench.at("2026-11-23T10:16:00Z");
    clockwork.run();
    assertThat(heard).containsExactly("2026-11-23T10:15:00Z");
    bench.at("2026-11-23T10:30:20Z");
    clockwork.run();
    assertThat(heard).endsWith("2026-11-23T10:30:00Z").hasSize(2);
  }

  @Test
  void objectThatSetsTheClockWhileItActs() {
    then =
        Optional.of(() -> {
          then = Optional.empty();
          bench.clock.set(2, time("2026-11-23T12:00:00Z"));
        });
    bench.at("2026-11-23T10:50:00Z");
    clockwork.run();
    assertThat(heard)
        .containsExactly(
            "2026-11-23T10:15:00Z",
            "skipped 2026-11-23T10:15:00Z 2026-11-23T12:00:00Z",
            "2026-11-23T12:15:00Z",
            "2026-11-23T12:30:00Z");
  }
}
