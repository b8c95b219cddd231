package org.gridwarden.simulator;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.gridwarden.core.Billing;
import org.gridwarden.core.EventId;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.message.Algorithm;
import org.gridwarden.message.Form;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.MeterEnd;
import org.gridwarden.message.Payload;
import org.gridwarden.security.command.GroupDesk;

/**
 * A meter's life in secured messages: voltage and power every so often, each quarter-hour's energy
 * with the register at its end, and its signature under each day that is over; a message is kept,
 * the same bytes, until it is acknowledged, by whichever channel that is. Orders that come go to
 * its desk, whose receipt goes up. One thread; where that is interrupted it begins anew on the
 * channel that it has then.
 */
final class MessageMeter implements Runnable {
  /** Beyond that the oldest is forgotten: a day and more of quarter-hours. */
  private static final int MOST_KEPT = 256;

  private static final int MOST_ORDERS = 16;
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);
  private static final byte[] ENDED = {};

  /** Not all of a group tell their readings at once (RFC 7252, clause 8.2). */
  private static final Duration LEISURE = Duration.ofSeconds(2);

  /** The first byte of a COSE_Sign1 message: nothing else that a meter is told begins so. */
  private static final byte SIGNED = (byte) 0xD2;

  /** Under-voltage in one of so many measurements. */
  private static final int EVENT_RARITY = 180;

  private final VirtualMeter meter;
  private final MeterId id;
  private final LongSupplier counters;

  /** Its end of each key that it was given, by the key's id. */
  private final Map<String, MeterEnd> ends = new ConcurrentHashMap<>();

  private final Duration every;
  private final Supplier<Carrier> carrier;
  private final Shared street;
  private final BooleanSupplier closing;
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();

  /** Outlives a way: where the office's end of it does, an order may come before the next opens. */
  private final BlockingQueue<byte[]> orders = new LinkedBlockingQueue<>(MOST_ORDERS);

  private final DaySigner signer;
  private final Optional<PushBodies> bodies;
  private final GroupDesk group;

  /** The last counter that was drawn. */
  private long drawn;

  private Instant nextSlotEnd;
  private Instant signFrom;
  private Instant measured = Instant.MIN;
  private int round;

  /** What the meters of a street share. */
  record Shared(Tally tally, Journal journal, StreetProbe probe) {}

  /** A message until it is acknowledged: the same bytes, until the key changes. */
  private final class Kept {
    private final MessageClass kind;
    private final Form form;
    private final byte[] payload;
    private final List<Confirmed.Fact> facts;
    private MeterEnd by;
    private byte[] message;
    private long counter;
    private long begun;

    Kept(MessageClass kind, Form form, byte[] payload, List<Confirmed.Fact> facts) {
      this.kind = kind;
      this.form = form;
      this.payload = payload;
      this.facts = facts;
      this.by = end();
      this.message = sealed();
    }

    byte[] message() {
      MeterEnd now = end();
      if (by != now) { // what is sealed under a key of before is not taken any more
        by = now;
        message = sealed();
      }
      return message;
    }

    private byte[] sealed() {
      byte[] bytes = by.seal(kind, form, payload);
      counter = drawn;
      return bytes;
    }
  }

  /**
   * @param carrier what carries its messages from now on
   * @param bodies what it measures beside power and voltage
   */
  MessageMeter(
      VirtualMeter meter,
      LongSupplier counters,
      Duration every,
      DaySigner signer,
      Optional<PushBodies> bodies,
      Supplier<Carrier> carrier,
      Shared street,
      BooleanSupplier closing) {
    this.meter = meter;
    this.id = new MeterId(meter.serial());
    this.counters = counters;
    this.every = every;
    this.bodies = bodies;
    this.carrier = carrier;
    this.street = street;
    this.closing = closing;
    this.group = new GroupDesk(meter.feeder(), meter.control()::operator, meter.clock());
    this.nextSlotEnd = slotStart(meter.clock().instant());
    this.signer = signer;
    this.signFrom = signer.nextDay(nextSlotEnd.minusSeconds(LoadCurve.QUARTER));
  }

  private MeterEnd end(KeySet key) {
    return ends.computeIfAbsent(
        HexFormat.of().formatHex(key.keyId()),
        name ->
            new MeterEnd(
                id, key, Algorithm.A256GCM, () -> drawn = counters.getAsLong(), new Heard()));
  }

  /** Under which it speaks. */
  private MeterEnd end() {
    return end(meter.keys().sendingMessage());
  }

  /** The greatest counter from the office, as long as the street runs. */
  private static final class Heard implements MeterEnd.Seen {
    private volatile long greatest = -1;

    @Override
    public long greatest() {
      return greatest;
    }

    @Override
    public void greatest(long counter) {
      greatest = counter;
    }
  }

  @Override
  public void run() {
    while (!closing.getAsBoolean()) {
      try {
        stay();
      } catch (InterruptedException e) {
        // the street closes, or moves: this life goes on by another carrier
      }
    }
  }

  private void stay() throws InterruptedException {
    Duration backOff = FIRST_BACK_OFF;
    while (!closing.getAsBoolean()) {
      try {
        live();
        backOff = FIRST_BACK_OFF;
      } catch (IOException e) {
        Thread.sleep(backOff);
        backOff = backOff.multipliedBy(2);
        backOff = backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff;
      }
    }
  }

  /** As long as one way lasts, or the key under which it was opened. */
  private void live() throws IOException, InterruptedException {
    KeySet key = meter.keys().sendingMessage();
    orders.removeIf(MessageMeter::ended); // that was another way
    Carrier.Caller caller =
        new Carrier.Caller(id, key, counters, this::lost, orders::offer, () -> orders.offer(ENDED));
    try (Carrier.Way way = carrier.get().open(caller)) {
      street.probe().opened(meter.serial());
      street.tally().online(1);
      try {
        while (!closing.getAsBoolean() && speaksUnder(key)) {
          catchUp(meter.clock().instant());
          for (Kept first = kept.peek(); first != null; first = kept.peek()) {
            send(way, first);
          }
          obey(way, key);
        }
      } finally {
        street.tally().online(-1);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // that very one
  private boolean speaksUnder(KeySet key) {
    return meter.keys().sendingMessage() == key;
  }

  /** Sends the oldest message; it is kept no longer once it is acknowledged. */
  private void send(Carrier.Way way, Kept first) throws IOException, InterruptedException {
    if (first.begun == 0) {
      first.begun = System.nanoTime();
      street.tally().sent();
    } else {
      street.tally().retried();
    }
    String serial = meter.serial();
    byte[] message = first.message();
    street.probe().sending(serial, first.counter, first.payload.length, message.length);
    way.send(first.kind, message);
    kept.remove();
    street.probe().confirmed(serial, first.counter);
    street.tally().ended();
    street.tally().confirmed(first.facts, System.nanoTime() - first.begun);
    street.journal().add(new Confirmed(serial, first.counter, first.facts));
  }

  /**
   * Until the next measurement is due, which a call to its group makes soon, or an order has
   * brought another key.
   */
  private void obey(Carrier.Way way, KeySet key) throws IOException, InterruptedException {
    long due = System.nanoTime() + every.toNanos();
    byte[] order = orders.poll(every.toNanos(), TimeUnit.NANOSECONDS);
    while (order != null) {
      if (ended(order)) {
        throw new IOException("the way to the office has ended");
      }
      if (order.length > 0 && order[0] == SIGNED) {
        if (group.take(order).isPresent()) {
          due = Math.min(due, System.nanoTime() + leisure());
        }
      } else {
        take(way, order);
      }
      if (!speaksUnder(key)) {
        return;
      }
      order = orders.poll(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
  }

  @SuppressWarnings("ArrayEquals") // that very one
  private static boolean ended(byte[] order) {
    return order == ENDED;
  }

  /** In nanoseconds; each meter's own, and another one each time. */
  private long leisure() {
    return Duration.ofMillis(meter.dice().of(3).of(++round).between(0, (int) LEISURE.toMillis()))
        .toNanos();
  }

  /** Sealed now, to be told by somebody else once this meter cannot. */
  private byte[] lost() {
    Instant now = meter.clock().instant();
    return end()
        .seal(
            Form.SENML_CBOR,
            new Warning(
                id,
                new EventId(Uuid7.named(now, id + " connection.lost " + now)),
                now,
                "connection.lost",
                Severity.ATTENTION,
                "The meter's connection was lost: an outage, perhaps"));
  }

  /** What would have been measured while the office was not there, the last of it now. */
  private void catchUp(Instant now) {
    if (measured.isAfter(Instant.MIN)) {
      Instant oldest = now.minus(every.multipliedBy(MOST_KEPT));
      Instant due = measured.isBefore(oldest) ? oldest : measured.plus(every);
      for (; due.plus(every.dividedBy(2)).isBefore(now); due = due.plus(every)) {
        measure(due);
      }
    }
    measure(now);
  }

  /** What is due by the meter's clock, in whole seconds of which none comes twice. */
  private void measure(Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    Instant at = second.isAfter(measured) ? second : measured.plusSeconds(1);
    measured = at;
    List<Confirmed.Value> values = values(at);
    keep(
        new Usage(
            id,
            values.stream()
                .map(v -> reading(v.channel(), v.at(), v.raw(), v.scaler(), unit(v)))
                .toList(),
            List.of(),
            List.of(),
            List.of()),
        List.copyOf(values));
    if (meter.dice().of(2).of(++round).below(EVENT_RARITY) == 0) {
      keep(underVoltage(at), List.of());
    }
    tellSlots(at);
  }

  private List<Confirmed.Value> values(Instant at) {
    if (bodies.isPresent()) {
      return bodies.get().measured(at);
    }
    long power = meter.curve().watts(at, 100);
    long volts = 2_300 + meter.dice().of(at.toEpochMilli()).between(-35, 35);
    return List.of(
        new Confirmed.Value(PushBodies.POWER, at, power, 0),
        new Confirmed.Value(PushBodies.VOLTAGE, at, volts, -1));
  }

  private static Unit unit(Confirmed.Value value) {
    return PushBodies.unit(value.channel());
  }

  private Warning underVoltage(Instant at) {
    return new Warning(
        id,
        new EventId(Uuid7.named(at, id + " voltage.under " + at)),
        at,
        "voltage.under",
        Severity.ATTENTION,
        "Under-voltage in phase L1");
  }

  /** The quarter-hours that are over, and the register at the end of the last. */
  private void tellSlots(Instant at) {
    List<Slot> slots = new ArrayList<>();
    List<Integer> energies = new ArrayList<>();
    Instant first = nextSlotEnd.minusSeconds(LoadCurve.QUARTER);
    for (; !nextSlotEnd.isAfter(at); nextSlotEnd = nextSlotEnd.plusSeconds(LoadCurve.QUARTER)) {
      Instant begin = nextSlotEnd.minusSeconds(LoadCurve.QUARTER);
      int energy = meter.curve().wattHours(begin);
      energies.add(energy);
      slots.add(
          new Slot(
              PushBodies.INTERVAL,
              begin,
              Duration.ofSeconds(LoadCurve.QUARTER),
              new ScaledValue(energy, 0, Unit.WATT_HOUR),
              Quality.GOOD));
    }
    if (!slots.isEmpty()) {
      keep(
          new Usage(id, List.of(), slots, List.of(), List.of()),
          List.of(new Confirmed.Slots(PushBodies.INTERVAL, first, LoadCurve.QUARTER, energies)));
      Instant last = nextSlotEnd.minusSeconds(LoadCurve.QUARTER);
      long register = meter.curve().register(last);
      keep(
          new Billing(id, List.of(reading(PushBodies.REGISTER, last, register, 0, Unit.WATT_HOUR))),
          List.of(new Confirmed.Value(PushBodies.REGISTER, last, register, 0)));
      sign(last);
    }
  }

  /** Signs the days of which all slots are told. */
  private void sign(Instant told) {
    Instant today = signer.dayOf(told);
    if (signFrom.isBefore(today)) {
      for (byte[] day : signer.within(signFrom, today)) {
        keep(MessageClass.BILLING, Form.SIGNED, day, List.of());
      }
      signFrom = today;
    }
  }

  private static Reading reading(ObisCode channel, Instant at, long raw, int scaler, Unit unit) {
    return new Reading(channel, at, new ScaledValue(raw, scaler, unit), Quality.GOOD);
  }

  private void keep(Message message, List<Confirmed.Fact> facts) {
    keep(MessageClass.of(message), Form.SENML_CBOR, Payload.bytes(Form.SENML_CBOR, message), facts);
  }

  private void keep(MessageClass kind, Form form, byte[] payload, List<Confirmed.Fact> facts) {
    if (kept.size() >= MOST_KEPT && kept.remove().begun != 0) {
      street.tally().ended();
    }
    kept.add(new Kept(kind, form, payload, facts));
  }

  private static Instant slotStart(Instant at) {
    long seconds = at.getEpochSecond();
    return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, LoadCurve.QUARTER));
  }

  /** What is not genuine changes nothing, and is answered by nothing. */
  private void take(Carrier.Way way, byte[] message) throws IOException, InterruptedException {
    try {
      if (open(message) instanceof Payload.Dispatch(byte[] dispatch)) {
        Optional<byte[]> receipt = meter.control().take(dispatch);
        if (receipt.isPresent()) {
          // where it does not arrive the office asks again, and the desk knows what it did
          // where it brought a key, that it answers under it shows that it has it
          way.send(
              MessageClass.CONTROL, end().seal(MessageClass.CONTROL, Form.SIGNED, receipt.get()));
          street.tally().receipt();
        }
      }
    } catch (MessageException e) {
      // a stranger's, or one that came before
    }
  }

  /** Opens what came under any key that is accepted. */
  private Payload open(byte[] message) throws MessageException {
    List<KeySet> accepted = meter.keys().acceptedMessages();
    for (KeySet newer : accepted.subList(0, accepted.size() - 1)) {
      try {
        Payload payload = end(newer).open(message);
        meter.keys().used(newer);
        return payload;
      } catch (MessageException e) {
        // perhaps it is under the one before
      }
    }
    return end(accepted.getLast()).open(message);
  }
}
