package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.bench.collect.ReadingOffice;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.LinkFaults;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.store.CollectionReport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S26: a day's intervals of 200 meters over links that lose and damage, from a real store. */
class CollectionUnderLossIT {
  private static final int METERS = 200;
  private static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final Instant DAY = Instant.parse("2026-11-23T23:00:00Z"); // in Zurich
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The office's clock and the meters', which the test moves. */
  private static final class TestClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-24T23:25:00Z");

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final TestClock clock = new TestClock();

  private static CollectionSettings settings() {
    CollectionSettings usual = CollectionSettings.defaults();
    return new CollectionSettings(
        true,
        usual.billingEvery(),
        usual.profilesEvery(),
        Duration.ofMinutes(1),
        Duration.ofHours(25),
        Duration.ofMinutes(20), // clocks may be ten minutes behind
        50,
        10,
        Map.of(),
        Duration.ofMinutes(1),
        usual.firstRetry(),
        usual.lastRetry(),
        usual.vain(),
        usual.clock());
  }

  /** Until nothing runs; at the clock's present time. */
  private static void round(Collection collection) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          int taken = collection.step();
          return taken == 0 && collection.state().equals(new Collection.State(0, 0));
        });
    collection.step();
  }

  @Test
  @DisplayName(
      "C38: 5 % of answers lost or damaged, 2 % dead, clocks off: all of the living's day is in,"
          + " the rest is reported; a start in between loses nothing")
  void underLoss() throws Exception {
    PullSettings street =
        PullSettings.of(METERS)
            .withSeed(4)
            .withPerLink(20)
            .withFaults(new LinkFaults(0.025, 0.025, 0.02, 0.1));
    try (PullStreet meters = PullStreet.open(street, Households.load(), clock, 0);
        ReadingOffice office = ReadingOffice.open(clock, Duration.ofMillis(300))) {
      office.register(meters, METERS);
      List<Integer> living =
          IntStream.rangeClosed(1, METERS).filter(n -> !meters.isDead(n)).boxed().toList();
      assertThat(living.size()).isBetween(METERS - 12, METERS - 1);

      try (Collection first = office.collection(settings(), 1)) {
        first.step(); // and away, in the midst of it
      }
      CollectionReport report = office.store().collection().report();
      try (Collection collection = office.collection(settings(), 2)) {
        for (int i = 0; i < 60 && !settled(report, living); i++) {
          round(collection);
          clock.now = clock.now.plus(Duration.ofMinutes(2));
        }
      }
      assertThat(meters.faults()).as("answers lost or damaged").isGreaterThan(20);
      assertThat(report.page("", 0, 1_000).items())
          .allSatisfy(row -> {
            int number = Integer.parseInt(row.meter().value().substring(3));
            assertThat(row.expected()).isBetween(97, 99);
            assertThat(row.missing()).isEqualTo(meters.isDead(number) ? row.expected() : 0);
            assertThat(row.fault().isEmpty()).isEqualTo(!meters.isDead(number));
          });
      long stored = living.stream().mapToLong(n -> checked(office, meters, n)).sum();
      assertThat(stored).isGreaterThanOrEqualTo((long) (living.size() * 96 * 0.995));

      Map<String, Long> events = events(office);
      assertThat(events).containsKeys("clock.corrected", "clock.alarm");
      // the audit comes first: an answer that is lost, or a stop in between, leaves it without an
      // event
      assertThat(unaudited(office)).as("corrections told, but not audited").isEmpty();
    }
  }

  /** Whether all of the living said all that they had to say. */
  private static boolean settled(CollectionReport report, List<Integer> living) {
    Set<String> serials = living.stream().map(PullStreet::serial).collect(Collectors.toSet());
    return report.page("", 0, 1_000).items().stream()
        .filter(row -> serials.contains(row.meter().value()))
        .allMatch(row -> row.missing() == 0 && row.expected() > 0 && row.fault().isEmpty());
  }

  /** Each slot that is stored is what the meter measured. */
  private long checked(ReadingOffice office, PullStreet meters, int number) {
    MeterId meter = new MeterId(PullStreet.serial(number));
    try (Stream<Slot> slots =
        office
            .store()
            .readings()
            .slots(meter, ENERGY, Layer.RAW, DAY, DAY.plus(Duration.ofDays(1)))) {
      return slots
          .peek(slot ->
              assertThat(slot.value().raw())
                  .as("%s at %s", meter, slot.start().atZone(ZONE))
                  .isEqualTo(meters.wattHours(number, slot.start())))
          .count();
    }
  }

  /** Meters that an event says were corrected, and the audit log does not know of. */
  private static Set<String> unaudited(ReadingOffice office) throws Exception {
    String told =
        """
        SELECT m.meter_id FROM event e JOIN meter m ON m.id = e.meter WHERE e.code = 'clock.corrected'
        EXCEPT
        SELECT substring(convert_from(x.detail, 'UTF8') FROM 'meter=(\\S+)')
        FROM audit_log l JOIN audit_clear x ON x.entry = l.id WHERE action = 'clock.corrected'\
        """;
    Set<String> serials = new TreeSet<>();
    try (var c = office.store().dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(told)) {
      while (r.next()) {
        serials.add(r.getString(1));
      }
    }
    return serials;
  }

  private Map<String, Long> events(ReadingOffice office) throws Exception {
    Map<String, Long> events = new HashMap<>();
    try (var c = office.store().dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery("SELECT code, count(*) FROM event GROUP BY code")) {
      while (r.next()) {
        events.put(r.getString(1), r.getLong(2));
      }
    }
    return events.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
