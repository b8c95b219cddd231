package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.CollectionStore.Position;
import org.gridwarden.store.CollectionTurn.Schedule;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is due, what is missing, and that what was not written down is due still. */
class CollectionStoreIT {
  private static final ObisCode TAKEN = ObisCode.parse("1.0.1.29.0.255");
  private static final ObisCode GIVEN = ObisCode.parse("1.0.2.29.0.255");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Instant DAY = Instant.parse("2026-10-24T22:00:00Z"); // 25 hours in Zurich
  private static final Instant NOW = Instant.parse("2026-10-26T06:00:00Z");

  private final Store store = SharedStore.store();
  private final CollectionStore collection = store.collection();

  private MeterId readMeter() {
    MeterId id = SharedStore.meter(ZoneId.of("Europe/Zurich"));
    assertThat(store.meters().setReach(id, new Reach("127.0.0.1:4059", "cell-7", "", "street")))
        .isTrue();
    return id;
  }

  private void keep(MeterId meter, ObisCode channel, Instant... starts) {
    List<Slot> slots = new ArrayList<>();
    for (Instant start : starts) {
      slots.add(
          new Slot(channel, start, QUARTER, new ScaledValue(250, 0, Unit.WATT_HOUR), (byte) 0));
    }
    byte[] digest = new byte[32];
    new Random().nextBytes(digest);
    Received received =
        new Received(
            new MessageId(meter, new byte[0], -1, digest),
            new ChannelId("test", "memory"),
            NOW,
            Assurance.NONE,
            digest,
            List.of(new Usage(meter, List.of(), slots, List.of(), List.of())));
    assertThat(store.intake().commit(List.of(received)).getFirst())
        .isInstanceOf(Outcome.Stored.class);
  }

  private static Instant[] quarters(int from, int to) {
    Instant[] starts = new Instant[to - from];
    for (int i = from; i < to; i++) {
      starts[i - from] = DAY.plusSeconds(900L * i);
    }
    return starts;
  }

  @Test
  @DisplayName("gaps are reckoned from day rows and from single slots, also on a day of 25 hours")
  void gaps() {
    MeterId meter = readMeter();
    MeterId empty = readMeter();
    keep(meter, TAKEN, quarters(0, 40)); // a block
    keep(meter, TAKEN, quarters(42, 43)); // waits in landing
    keep(meter, TAKEN, quarters(50, 100));
    keep(meter, GIVEN, quarters(0, 100));
    CollectionGaps.Question question =
        new CollectionGaps.Question(
            meter, List.of(TAKEN, GIVEN), QUARTER, DAY, DAY.plusSeconds(900 * 104));
    List<CollectionGaps> found =
        collection.gaps(
            List.of(
                question,
                new CollectionGaps.Question(
                    empty, List.of(TAKEN), QUARTER, DAY, DAY.plusSeconds(9_000))));
    assertThat(found.get(0).missing())
        .containsExactly(
            new CollectionGaps.Range(DAY.plusSeconds(900 * 40), DAY.plusSeconds(900 * 42)),
            new CollectionGaps.Range(DAY.plusSeconds(900 * 43), DAY.plusSeconds(900 * 50)),
            new CollectionGaps.Range(DAY.plusSeconds(900 * 100), DAY.plusSeconds(900 * 104)));
    assertThat(found.get(0).missingSlots()).isEqualTo(13);
    assertThat(found.get(0).expected()).isEqualTo(104);
    assertThat(found.get(1).missing())
        .containsExactly(new CollectionGaps.Range(DAY, DAY.plusSeconds(9_000)));
  }

  @Test
  void aSlotMissingInOneOfTwoChannelsIsMissing() {
    MeterId meter = readMeter();
    keep(meter, TAKEN, quarters(0, 12));
    keep(meter, GIVEN, quarters(0, 11));
    assertThat(
            collection
                .gaps(
                    List.of(
                        new CollectionGaps.Question(
                            meter, List.of(TAKEN, GIVEN), QUARTER, DAY, DAY.plusSeconds(900 * 12))))
                .getFirst()
                .missing())
        .containsExactly(
            new CollectionGaps.Range(DAY.plusSeconds(900 * 11), DAY.plusSeconds(900 * 12)));
  }

  private List<CollectionTurn> due(MeterId meter, Instant now) {
    List<CollectionTurn> turns = new ArrayList<>();
    Optional<Position> from = Optional.of(Position.START);
    while (from.isPresent()) {
      CollectionStore.Due some = collection.due(now, from.get(), 3);
      turns.addAll(some.turns().getOrDefault(meter, List.of()));
      from = some.next();
    }
    return turns.stream().distinct().toList();
  }

  @Test
  @DisplayName("C38: a turn stays due until it is written down")
  void turns() {
    MeterId pushes = SharedStore.meter();
    MeterId meter = readMeter();
    collection.enroll(NOW.minusSeconds(60));
    assertThat(collection.turns(pushes)).isEmpty();
    assertThat(due(meter, NOW.minusSeconds(61))).isEmpty();
    assertThat(due(meter, NOW)).extracting(CollectionTurn::schedule).contains(Schedule.values());
    assertThat(due(meter, NOW)).hasSize(2);

    collection.settle(
        List.of(
            new CollectionResult(
                meter,
                Schedule.PROFILES,
                NOW,
                NOW.plusSeconds(300),
                "no answer in time",
                1,
                0,
                Optional.empty(),
                40,
                96)),
        List.of(new CollectionClock(meter, NOW, Duration.ofMillis(-1_500), true)));
    assertThat(due(meter, NOW)).extracting(CollectionTurn::schedule).contains(Schedule.BILLING);
    CollectionTurn failed = collection.turns(meter).get(1);
    assertThat(failed.failures()).isEqualTo(1);
    assertThat(failed.succeeded()).isEmpty();
    assertThat(failed.corrected()).contains(NOW);
    assertThat(failed.due()).isEqualTo(NOW.plusSeconds(300));

    CollectionReport.Page page = collection.report().page(meter.value(), 0, 10);
    assertThat(page.items())
        .filteredOn(row -> row.meter().equals(meter))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.link()).isEqualTo("cell-7");
          assertThat(row.missing()).isEqualTo(40);
          assertThat(row.clockOff()).contains(Duration.ofMillis(-1_500));
          assertThat(row.fault()).isEqualTo("no answer in time");
        });
    assertThat(collection.report().states(NOW))
        .extracting(CollectionReport.State::schedule)
        .containsExactly(Schedule.BILLING, Schedule.PROFILES);

    store.meters().setReach(meter, Reach.NONE);
    collection.enroll(NOW);
    assertThat(collection.turns(meter)).as("it is not read any more").isEmpty();
  }

  @Test
  void aMeterOutOfServiceIsNotRead() {
    MeterId meter = readMeter();
    collection.enroll(NOW);
    store.meters().setState(meter, Meter.State.QUARANTINED);
    assertThat(store.meters().byId(meter).orElseThrow().reach().link()).isEqualTo("cell-7");
    collection.enroll(NOW);
    assertThat(collection.turns(meter)).isEmpty();
    store.meters().setState(meter, Meter.State.ACTIVE);
    store.meters().refresh();
    assertThat(store.meters().byId(meter).orElseThrow().reach())
        .isEqualTo(new Reach("127.0.0.1:4059", "cell-7", "", "street"));
  }
}
