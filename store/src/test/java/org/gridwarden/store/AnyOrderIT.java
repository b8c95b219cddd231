package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.QUARTER;
import static org.gridwarden.store.Messages.counted;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/**
 * The same messages in another order, cut into other batches, some of them twice, folded at other
 * times. Where a slot's values agree the rows are the same. Where they do not, the first one
 * stands: then what stands and what stands beside are the same set.
 */
class AnyOrderIT {
  private static final LocalDate FIRST = LocalDate.parse("2026-04-01");
  private static final int DAYS = 3;
  private static final int SLOTS = 96;
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode VOLTAGE = ObisCode.parse("1.0.32.7.0.255");

  private final Store store = SharedStore.store();

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  @Label("any order, any batches, any repeats: the same rows")
  void sameRows(@ForAll long seed) {
    MeterId inOrder = SharedStore.meter();
    MeterId shuffled = SharedStore.meter();
    Random random = new Random(seed);
    List<List<Message>> contents = contents(inOrder, new Random(seed), 0);
    List<Received> one = received(inOrder, contents);
    List<Received> other = received(shuffled, contents(shuffled, new Random(seed), 0));
    store.intake().commit(one);
    anyhow(other, random);
    store.folding().fold();

    assertThat(slots(shuffled)).isEqualTo(slots(inOrder)).isNotEmpty();
    assertThat(registers(shuffled)).isEqualTo(registers(inOrder));
    assertThat(momentary(shuffled)).isEqualTo(momentary(inOrder));
    assertThat(beside(inOrder)).isEmpty();
    assertThat(beside(shuffled)).isEmpty();
    assertThat(evidence(shuffled)).isEqualTo(evidence(inOrder)).isEqualTo(one.size());
  }

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  @Label("values that differ: the first stands, the others stand beside it, none is lost")
  void sameSet(@ForAll long seed) {
    MeterId inOrder = SharedStore.meter();
    MeterId shuffled = SharedStore.meter();
    store.intake().commit(received(inOrder, contents(inOrder, new Random(seed), 2)));
    anyhow(received(shuffled, contents(shuffled, new Random(seed), 2)), new Random(seed + 1));
    store.folding().fold();

    assertThat(standingAndBeside(shuffled)).isEqualTo(standingAndBeside(inOrder));
    assertThat(slots(shuffled).stream().map(Slot::start))
        .as("each slot once")
        .containsExactlyElementsOf(slots(inOrder).stream().map(Slot::start).toList());
  }

  private void anyhow(List<Received> messages, Random random) {
    List<Received> left = new ArrayList<>(messages);
    for (int i = 0; i < messages.size() / 3; i++) {
      left.add(messages.get(random.nextInt(messages.size())));
    }
    Collections.shuffle(left, random);
    while (!left.isEmpty()) {
      int n = 1 + random.nextInt(Math.min(6, left.size()));
      store.intake().commit(List.copyOf(left.subList(0, n)));
      left.subList(0, n).clear();
      if (random.nextInt(4) == 0) {
        store.folding().fold();
      }
    }
  }

  private static List<Received> received(MeterId meter, List<List<Message>> contents) {
    List<Received> messages = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      messages.add(counted(meter, i + 1L, contents.get(i).toArray(Message[]::new)));
    }
    return messages;
  }

  /** Messages whose values follow from the slot, give or take so many others. */
  private static List<List<Message>> contents(MeterId meter, Random random, int others) {
    List<List<Message>> messages = new ArrayList<>();
    for (int i = 4 + random.nextInt(12); i > 0; i--) {
      LocalDate date = FIRST.plusDays(random.nextInt(DAYS));
      messages.add(
          switch (random.nextInt(4)) {
            case 0 -> List.of(singles(meter, date, 1 + random.nextInt(5), random, others));
            case 1 -> List.of(singles(meter, date, 8 + random.nextInt(40), random, others));
            case 2 -> List.of(part(meter, date, random, others));
            default -> List.of(meters(meter, date, random));
          });
    }
    messages.add(List.of(part(meter, FIRST, random, others)));
    return messages;
  }

  private static long value(LocalDate date, int slot, Random random, int others) {
    long agreed = date.getDayOfMonth() * 1_000L + slot;
    return others == 0 ? agreed : agreed + 10_000L * random.nextInt(others);
  }

  private static byte quality(int slot) {
    return slot % 17 == 0 ? Quality.ESTIMATED : Quality.GOOD;
  }

  private static Message singles(
      MeterId meter, LocalDate date, int count, Random random, int others) {
    List<Slot> slots = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      int slot = random.nextInt(SLOTS);
      slots.add(
          new Slot(
              ENERGY,
              date.atStartOfDay(ZoneOffset.UTC).toInstant().plus(QUARTER.multipliedBy(slot)),
              QUARTER,
              new ScaledValue(value(date, slot, random, others), 0, Unit.WATT_HOUR),
              quality(slot)));
    }
    return new Usage(meter, List.of(), slots, List.of(), List.of());
  }

  private static Message part(MeterId meter, LocalDate date, Random random, int others) {
    int from = random.nextInt(SLOTS);
    int to = from + 1 + random.nextInt(SLOTS - from);
    long[] values = new long[SLOTS];
    byte[] quality = new byte[SLOTS];
    Arrays.fill(quality, Quality.MISSING);
    for (int slot = from; slot < to; slot++) {
      values[slot] = value(date, slot, random, others);
      quality[slot] = quality(slot);
    }
    Day day = Day.of(date, ZoneOffset.UTC, QUARTER);
    return Messages.blocks(
        new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality));
  }

  private static Message meters(MeterId meter, LocalDate date, Random random) {
    Instant at = date.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(random.nextInt(9) * 60);
    long seconds = at.getEpochSecond() % 100_000;
    Reading register =
        new Reading(REGISTER, at, new ScaledValue(seconds, 0, Unit.WATT_HOUR), Quality.GOOD);
    Reading volts = new Reading(VOLTAGE, at, new ScaledValue(seconds, -1, Unit.VOLT), Quality.GOOD);
    return random.nextBoolean()
        ? new Billing(meter, List.of(register))
        : new Usage(meter, List.of(volts), List.of(), List.of(), List.of());
  }

  private List<Slot> slots(MeterId meter) {
    try (var slots = store.readings().slots(meter, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
      return slots.toList();
    }
  }

  private List<Reading> registers(MeterId meter) {
    try (var all = store.readings().registers(meter, REGISTER, Instant.MIN, Instant.MAX)) {
      return all.toList();
    }
  }

  private List<Reading> momentary(MeterId meter) {
    try (var all = store.readings().momentary(meter, VOLTAGE, Instant.MIN, Instant.MAX)) {
      return all.toList();
    }
  }

  private static List<String> beside(MeterId meter) {
    return SharedStore.texts(
        "SELECT r.start || ' ' || r.value FROM slot_revision r JOIN meter m ON m.id = r.meter"
            + " WHERE m.meter_id = '"
            + meter
            + "'");
  }

  private static long evidence(MeterId meter) {
    return SharedStore.number(
        "SELECT count(*) FROM evidence e JOIN meter m ON m.id = e.meter WHERE m.meter_id = '"
            + meter
            + "'");
  }

  private static TreeSet<String> standingAndBeside(MeterId meter) {
    TreeSet<String> all = new TreeSet<>(beside(meter));
    all.addAll(
        SharedStore.texts(
            "SELECT r.start || ' ' || r.raw FROM interval_reading r WHERE r.meter_id = '"
                + meter
                + "'"));
    return all;
  }
}
