package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.block;
import static org.gridwarden.store.Messages.capture;
import static org.gridwarden.store.Messages.captures;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.other;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;
import static org.gridwarden.store.Messages.values;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Billing;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IntakeStoreIT {
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final Outcome STORED = new Outcome.Stored();
  private static final Outcome DUPLICATE = new Outcome.Duplicate();

  private final Store store = SharedStore.store();
  private final MeterId meter = SharedStore.meter();

  private List<Outcome> commit(org.gridwarden.core.Received... messages) {
    return store.intake().commit(List.of(messages));
  }

  private List<Slot> all() {
    try (var slots = store.readings().slots(meter, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
      return slots.toList();
    }
  }

  private long revisions() {
    return SharedStore.number(
        "SELECT count(*) FROM slot_revision r JOIN meter m ON m.id = r.meter WHERE m.meter_id = '"
            + meter
            + "'");
  }

  @Test
  @DisplayName("a single slot is readable at once, and the same from its day row after folding")
  void singleSlot() {
    Slot one = slot("2026-03-01T10:15:00Z", 250);
    assertThat(commit(counted(meter, 1, slots(meter, one)))).containsExactly(STORED);
    assertThat(all()).containsExactly(one);
    store.folding().fold();
    assertThat(all()).containsExactly(one);
    assertThat(SharedStore.number("SELECT count(*) FROM landing")).isZero();
  }

  @Test
  @DisplayName("days of 92, 96 and 100 slots keep every slot at its instant")
  void civilDays() {
    commit(
        counted(
            meter,
            1,
            Messages.blocks(
                block(meter, "2026-03-29", ZURICH, values(92, 100), new byte[0]),
                block(meter, "2026-07-01", ZURICH, values(96, 200), new byte[0]),
                block(meter, "2026-10-25", ZURICH, values(100, 300), new byte[0]))));
    List<Slot> slots = all();
    assertThat(slots).hasSize(92 + 96 + 100);
    assertThat(slots.get(0)).isEqualTo(slot("2026-03-28T23:00:00Z", 100));
    assertThat(slots.get(91)).isEqualTo(slot("2026-03-29T21:45:00Z", 191));
    assertThat(slots.get(92 + 96)).isEqualTo(slot("2026-10-24T22:00:00Z", 300));
    assertThat(slots.getLast()).isEqualTo(slot("2026-10-25T22:45:00Z", 399));
  }

  @Test
  @DisplayName("late parts of a day fill its gaps; the first value of a slot stands")
  void mergesSlotBySlot() {
    byte[] morning = new byte[96];
    Arrays.fill(morning, 48, 96, Quality.MISSING);
    byte[] rest = new byte[96];
    Arrays.fill(rest, 0, 47, Quality.MISSING);
    commit(
        counted(
            meter,
            1,
            Messages.blocks(block(meter, "2026-02-02", ZoneOffset.UTC, values(96, 0), morning))));
    assertThat(all()).hasSize(48);
    // slot 47 comes again with another value
    commit(
        counted(
            meter,
            2,
            Messages.blocks(block(meter, "2026-02-02", ZoneOffset.UTC, values(96, 1_000), rest))));
    List<Slot> slots = all();
    assertThat(slots).hasSize(96);
    assertThat(slots.get(47).value().raw()).isEqualTo(47);
    assertThat(slots.get(48).value().raw()).isEqualTo(1_048);
    assertThat(revisions()).isEqualTo(1);
    assertThat(events()).extracting(Warning::code).containsExactly("slot.revised");
  }

  @Test
  @DisplayName("a slot that landed first stands against a day that came later")
  void landingComesFirst() {
    commit(counted(meter, 1, slots(meter, slot("2026-02-03T00:30:00Z", 7))));
    commit(
        counted(
            meter,
            2,
            Messages.blocks(
                block(meter, "2026-02-03", ZoneOffset.UTC, values(96, 100), new byte[0]))));
    assertThat(all().get(2)).isEqualTo(slot("2026-02-03T00:30:00Z", 7));
    store.folding().fold();
    assertThat(all().get(2)).isEqualTo(slot("2026-02-03T00:30:00Z", 7));
    assertThat(all()).hasSize(96);
    assertThat(revisions()).isEqualTo(1);
  }

  @Test
  @DisplayName("values beyond 32 bits are kept exactly")
  void wide() {
    long[] values = values(96, 0);
    values[5] = 1L << 40;
    commit(
        counted(
            meter,
            1,
            Messages.blocks(block(meter, "2026-02-04", ZoneOffset.UTC, values, new byte[0]))));
    assertThat(all().get(5).value().raw()).isEqualTo(1L << 40);
    assertThat(all().get(6).value().raw()).isEqualTo(6);
  }

  @Test
  @DisplayName("another scaler is rescaled where that is exact, and kept apart where it is not")
  void scalers() {
    commit(counted(meter, 1, slots(meter, slot("2026-02-05T00:00:00Z", 1_000))));
    Slot kilo =
        new Slot(
            ENERGY,
            Instant.parse("2026-02-05T00:15:00Z"),
            Messages.QUARTER,
            new ScaledValue(2, 3, Unit.WATT_HOUR),
            (byte) 0);
    Slot fine =
        new Slot(
            ENERGY,
            Instant.parse("2026-02-05T00:30:00Z"),
            Messages.QUARTER,
            new ScaledValue(1_234, -3, Unit.WATT_HOUR),
            (byte) 0);
    commit(counted(meter, 2, slots(meter, kilo)), counted(meter, 3, slots(meter, fine)));
    assertThat(all()).extracting(s -> s.value().plain()).containsExactly("1000", "2000", "1.234");
  }

  @Test
  @DisplayName("an unauthenticated slot never stands against an authenticated one")
  void unauthenticated() {
    commit(
        counted(meter, 1, slots(meter, slot("2026-02-06T00:00:00Z", 5, Quality.UNAUTHENTICATED))));
    assertThat(all()).containsExactly(slot("2026-02-06T00:00:00Z", 5, Quality.UNAUTHENTICATED));
    commit(counted(meter, 2, slots(meter, slot("2026-02-06T00:00:00Z", 6))));
    assertThat(all()).containsExactly(slot("2026-02-06T00:00:00Z", 6));
    store.folding().fold();
    commit(
        counted(meter, 3, slots(meter, slot("2026-02-06T00:00:00Z", 9, Quality.UNAUTHENTICATED))));
    assertThat(all()).containsExactly(slot("2026-02-06T00:00:00Z", 6));
    store.folding().fold();
    assertThat(all()).containsExactly(slot("2026-02-06T00:00:00Z", 6));
    assertThat(revisions()).isEqualTo(2);
  }

  @Test
  @DisplayName("captures are differenced whatever their order; a roll-over is derived")
  void captureDifferences() {
    commit(counted(meter, 1, captures(meter, capture("2026-02-07T00:30:00Z", 40, 100_000))));
    commit(counted(meter, 2, captures(meter, capture("2026-02-07T00:00:00Z", 99_900, 100_000))));
    assertThat(all()).isEmpty();
    commit(counted(meter, 3, captures(meter, capture("2026-02-07T00:15:00Z", 99_990, 100_000))));
    assertThat(all())
        .containsExactly(
            slot("2026-02-07T00:00:00Z", 90), slot("2026-02-07T00:15:00Z", 50, Quality.DERIVED));
    assertThat(events()).isEmpty();
  }

  @Test
  @DisplayName("a register that goes down gives no slot but an event")
  void registerDecrease() {
    commit(
        counted(
            meter,
            1,
            captures(
                meter,
                capture("2026-02-08T00:00:00Z", 5_000, 0),
                capture("2026-02-08T00:15:00Z", 10, 0),
                capture("2026-02-08T00:30:00Z", 30, 0))));
    assertThat(all()).containsExactly(slot("2026-02-08T00:15:00Z", 20));
    assertThat(events()).extracting(Warning::code).containsExactly("register.decrease");
  }

  @Test
  @DisplayName("C1 the same bytes again are acknowledged, other bytes under a counter refused")
  void replays() {
    var first = counted(meter, 10, slots(meter, slot("2026-02-09T00:00:00Z", 1)));
    var changed = other(meter, 10, "forged", slots(meter, slot("2026-02-09T00:15:00Z", 2)));
    assertThat(commit(first, first)).containsExactly(STORED, DUPLICATE);
    assertThat(commit(first)).containsExactly(DUPLICATE);
    assertThat(commit(changed).getFirst()).isInstanceOf(Outcome.Refused.class);
    assertThat(commit(counted(meter, 9, slots(meter, slot("2026-02-08T23:45:00Z", 3)))))
        .as("within the window and not seen")
        .containsExactly(STORED);
    assertThat(commit(counted(meter, 5_000))).containsExactly(STORED);
    assertThat(commit(counted(meter, 3_000)).getFirst())
        .as("below the window")
        .isInstanceOf(Outcome.Refused.class);
    assertThat(all()).hasSize(2);
    assertThat(
            SharedStore.number(
                "SELECT count(*) FROM audit_log l JOIN audit_clear x ON x.entry = l.id WHERE action"
                    + " = 'replay.refused' AND convert_from(x.who, 'UTF8') = '"
                    + meter
                    + "'"))
        .isEqualTo(2);
  }

  @Test
  @DisplayName("C1 C34: a push that is sent again is no sign of life: the last contact stays")
  void resentIsNoContact() {
    var first = counted(meter, 10, slots(meter, slot("2026-02-09T00:00:00Z", 1)));
    commit(first);
    Instant heard = SharedStore.store().readings().lastContact(meter).orElseThrow().at();
    var resent =
        new Received(
            first.id(),
            first.via(),
            first.at().plusSeconds(3_600),
            first.how(),
            first.raw(),
            first.content());
    assertThat(commit(resent)).containsExactly(DUPLICATE);
    assertThat(SharedStore.store().readings().lastContact(meter).orElseThrow().at())
        .isEqualTo(heard);
  }

  @Test
  @DisplayName("C4 counters above 2^31 and near 2^32 count on")
  void largeCounters() {
    assertThat(commit(counted(meter, 0x7FFF_FFFFL), counted(meter, 0x8000_0000L)))
        .containsExactly(STORED, STORED);
    assertThat(commit(counted(meter, 0xFFFF_FFFFL), counted(meter, 0x8000_0000L)).get(1))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(commit(counted(meter, 0xFFFF_FFFFL))).containsExactly(DUPLICATE);
  }

  @Test
  @DisplayName("registers, momentary values and events are kept once")
  void theRest() {
    Instant at = Instant.parse("2026-02-10T06:00:00Z");
    Reading energy =
        new Reading(Messages.REGISTER, at, new ScaledValue(4_711, 0, Unit.WATT_HOUR), (byte) 0);
    Reading power =
        new Reading(
            org.gridwarden.cosem.ObisCode.parse("1.0.1.7.0.255"),
            at,
            new ScaledValue(230, 0, Unit.WATT),
            (byte) 0);
    Warning magnet =
        new Warning(
            meter,
            new EventId(UUID.randomUUID()),
            at,
            "tamper.magnet",
            Severity.CRITICAL,
            "Magnet.");
    Usage usage = new Usage(meter, List.of(power), List.of(), List.of(), List.of());
    commit(
        counted(meter, 1, new Billing(meter, List.of(energy)), usage, magnet),
        counted(meter, 2, new Billing(meter, List.of(energy)), usage, magnet));
    try (var registers =
        store.readings().registers(meter, Messages.REGISTER, Instant.MIN, Instant.MAX)) {
      assertThat(registers).containsExactly(energy);
    }
    assertThat(store.readings().momentary(meter)).containsExactly(power);
    assertThat(events()).containsExactly(magnet);
    assertThat(store.readings().channels(meter))
        .extracting(Readings.ChannelInfo::kind)
        .containsExactly(Readings.Kind.REGISTER, Readings.Kind.MOMENTARY);
    assertThat(store.readings().lastContact(meter).orElseThrow().via()).isEqualTo(Messages.VIA);
  }

  @Test
  @DisplayName(
      "an unknown meter waits, another meter's content is refused, a bad date harms itself only")
  void refusals() {
    MeterId stranger = new MeterId("0102030405060708");
    MeterId victim = SharedStore.meter();
    List<Outcome> outcomes =
        commit(
            counted(stranger, 1),
            counted(meter, 1, slots(victim, slot("2026-02-11T00:00:00Z", 1))),
            counted(
                meter,
                2,
                slots(
                    meter,
                    new Slot(
                        ENERGY,
                        Instant.MAX.truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        Messages.QUARTER,
                        new ScaledValue(1, 0, Unit.WATT_HOUR),
                        (byte) 0))),
            counted(meter, 3, slots(meter, slot("2026-02-11T00:00:00Z", 1))));
    assertThat(outcomes.get(0)).isEqualTo(new Outcome.Waiting());
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Refused.class);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Refused.class);
    assertThat(outcomes.get(3)).isEqualTo(STORED);
    assertThat(all()).hasSize(1);
  }

  @Test
  @DisplayName("every stored value can be traced to the bytes it came from")
  void evidence() {
    var first = counted(meter, 1, slots(meter, slot("2026-02-12T00:00:00Z", 1)));
    var second = counted(meter, 2, slots(meter, slot("2026-02-12T00:15:00Z", 2)));
    commit(first, second);
    List<Evidence.Raw> raw =
        store.evidence().of(meter, LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC));
    assertThat(raw).extracting(Evidence.Raw::bytes).containsExactly(first.raw(), second.raw());
    assertThat(raw).extracting(Evidence.Raw::counter).containsExactly(1L, 2L);
  }

  private List<Warning> events() {
    return store
        .events()
        .page(
            new Events.Query(
                Optional.of(meter),
                Severity.INFO,
                Events.Query.all().from(),
                Events.Query.all().to()),
            0,
            100)
        .items();
  }
}
