package org.gridwarden.simulator;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A meter's life: the past's daily profiles, the newest first, then momentary pushes, slots and
 * events as they fall due, each sent until it is confirmed. While the head-end is away, slots wait
 * in the meter's own profile and momentary values are forgotten, as in a real one.
 */
final class MeterTask implements Runnable {
  /** So many missed slots go one by one, more go as a profile. */
  private static final int SINGLE_SLOTS = 4;

  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(5);

  /**
   * So much of its profile a meter tells again whose clock was set back: at least eight slots of
   * one day, wherever midnight falls.
   */
  private static final Duration TOLD_AGAIN = Duration.ofHours(4);

  /** So long a meter tries to tell that it erases its keys. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** On the average one event per meter in so many momentary pushes. */
  private static final int EVENT_RARITY = 180;

  private final VirtualMeter meter;
  private final PushBodies bodies;
  private final Sealer sealer;
  private final PushLink link;
  private final Street.Shared shared;
  private final StreetProbe probe;
  private final Senses senses;
  private final DaySigner signer;
  private Instant signFrom = Instant.EPOCH; // where the first day begins that is not signed yet
  private boolean online;

  MeterTask(
      VirtualMeter meter,
      Senses senses,
      Sealer sealer,
      PushLink link,
      Street.Shared shared,
      StreetProbe probe) {
    this.probe = probe;
    this.meter = meter;
    this.senses = senses;
    this.bodies = new PushBodies(meter, shared.settings().zone(), senses);
    this.sealer = sealer;
    this.link = link;
    this.shared = shared;
    StreetSettings settings = shared.settings();
    this.signer = new DaySigner(meter, settings.zone(), settings.signing());
  }

  @Override
  public void run() {
    try (link) {
      connect();
      Instant nextSlotEnd = tellHistory();
      live(nextSlotEnd);
    } catch (InterruptedException e) {
      // the street closes
    } finally {
      setOnline(false);
    }
  }

  private void connect() throws InterruptedException {
    try {
      link.connect();
    } catch (IOException e) {
      // whoever sends first tries again, and goes on trying
    }
    probe.opened(meter.serial());
  }

  /** Tells the past, from now backwards; returns the end of the slot that runs now. */
  private Instant tellHistory() throws InterruptedException {
    Instant now = meter.clock().instant();
    push(bodies.momentary(now));
    Instant slot = bodies.slotStart(now);
    Instant oldest = slot.minus(shared.settings().history());
    Instant end = slot;
    while (end.isAfter(oldest)) {
      Instant begin = bodies.profileStart(end, oldest);
      push(bodies.profile(begin, end));
      tellSigned(begin, end);
      end = begin;
    }
    Instant today = signer.dayOf(slot);
    signFrom = today.isBefore(oldest) ? signer.nextDay(slot) : today;
    return slot.plusSeconds(LoadCurve.QUARTER);
  }

  private void live(Instant firstSlotEnd) throws InterruptedException {
    long every = shared.settings().every().toMillis();
    Instant slotEnd = firstSlotEnd;
    Instant next =
        meter.clock().instant().plusMillis(meter.dice().of(1).below((int) Math.min(every, 60_000)));
    int round = 0;
    while (!senses.erased()) {
      next = await(next, Duration.ofMillis(every));
      Instant now = meter.clock().instant();
      if (!slotEnd.isAfter(now)) {
        slotEnd = tellSlots(slotEnd, bodies.slotStart(now));
      }
      push(bodies.momentary(meter.clock().instant()));
      Dice dice = meter.dice().of(2).of(++round);
      if (dice.below(EVENT_RARITY) == 0) {
        push(bodies.event(meter.clock().instant(), dice));
      }
      do {
        next = next.plusMillis(every);
      } while (next.isBefore(meter.clock().instant()));
    }
  }

  /**
   * Waits for a moment by the meter's clock, and tells at once what cannot wait: what it senses
   * first. Returns the moment; another one where the clock was set.
   */
  private Instant await(Instant next, Duration every) throws InterruptedException {
    meter.control().consumer();
    Instant due = next;
    while (!senses.erased()) {
      tellSensed();
      Duration left = meter.clock().until(due);
      if (left.compareTo(every.multipliedBy(2)) > 0) {
        due = meter.clock().instant().plus(every);
        left = every;
      }
      if (left.isNegative() || left.isZero()) {
        break;
      }
      Optional<MeterControl.Urgent> urgent = meter.control().urgent(left);
      if (urgent.isPresent()) {
        tell(urgent.get());
      }
    }
    return due;
  }

  private void tell(MeterControl.Urgent urgent) throws InterruptedException {
    Instant now = meter.clock().instant();
    switch (urgent) {
      case MeterControl.Urgent.Event(int code) ->
          push(bodies.event(now, MeterControl.BREAKER_LOG, code));
      case MeterControl.Urgent.Reading _ -> push(bodies.momentary(now));
      case MeterControl.Urgent.Sensed _ -> tellSensed();
    }
  }

  /** What the meter senses goes before anything else; with the last warning its keys may go. */
  private void tellSensed() throws InterruptedException {
    for (Optional<Senses.Happening> next = senses.next(); next.isPresent(); next = senses.next()) {
      Senses.Happening what = next.get();
      send(bodies.event(meter.clock().instant(), what.sense().log(), what.code()), false);
      if (what.sense().word().equals("clock-back")) {
        // as a meter does whose memory was wound back with its clock: it tells its last hours again
        Instant end = bodies.slotStart(meter.clock().instant());
        send(unjudged(bodies.profile(end.minus(TOLD_AGAIN), end)), false);
      }
    }
    if (senses.intruded() && !senses.erased()) {
      Instant now = meter.clock().instant();
      send(bodies.event(now, Sense.KEYS_ERASED.log(), Sense.KEYS_ERASED.begins()), true);
      senses.erase(now);
      sealer.erase();
    }
  }

  /** What is told again with other values is not stored in place of the first: nobody looks. */
  private static Push unjudged(Push push) {
    return new Push(push.body(), List.of());
  }

  /** Tells the slots that ended from one moment to another, both included; returns the next one. */
  private Instant tellSlots(Instant firstEnd, Instant lastEnd) throws InterruptedException {
    long missed = Duration.between(firstEnd, lastEnd).getSeconds() / LoadCurve.QUARTER + 1;
    if (missed > SINGLE_SLOTS) {
      Instant oldest = firstEnd.minusSeconds(LoadCurve.QUARTER);
      Instant end = lastEnd;
      while (end.isAfter(oldest)) {
        Instant begin = bodies.profileStart(end, oldest);
        push(bodies.profile(begin, end));
        end = begin;
      }
    } else {
      for (Instant end = firstEnd;
          !end.isAfter(lastEnd);
          end = end.plusSeconds(LoadCurve.QUARTER)) {
        push(bodies.slot(end));
      }
    }
    Instant today = signer.dayOf(lastEnd);
    if (signFrom.isBefore(today)) {
      tellSigned(signFrom, today);
      signFrom = today;
    }
    return lastEnd.plusSeconds(LoadCurve.QUARTER);
  }

  /** What it signs of the days that lie within. */
  private void tellSigned(Instant from, Instant to) throws InterruptedException {
    for (byte[] signed : signer.within(from, to)) {
      push(bodies.signed(meter.clock().instant(), signed));
    }
  }

  private void push(Push push) throws InterruptedException {
    tellSensed();
    if (!senses.behind().isZero()) {
      signer.doubt(meter.clock().instant());
      signer.doubt(meter.clock().instant().plus(senses.behind()));
    }
    if (!senses.erased()) {
      send(senses.behind().isZero() ? push : unjudged(push), false);
    }
  }

  /**
   * Sends until it is confirmed.
   *
   * @param last who cuts the line must not keep the keys in: it is tried for so long, and given up
   */
  private void send(Push push, boolean last) throws InterruptedException {
    Sealer.Sealed sealed = sealed(push);
    long begun = System.nanoTime();
    Duration backOff = FIRST_BACK_OFF;
    shared.tally().sent();
    try {
      while (!tryOnce(sealed)) {
        setOnline(false);
        if (last && System.nanoTime() - begun > LAST_WORDS.toNanos()) {
          return;
        }
        Thread.sleep(backOff.plusMillis(meter.dice().of(begun).below((int) backOff.toMillis())));
        backOff = shorter(backOff.multipliedBy(2), LONGEST_BACK_OFF);
        shared.tally().retried();
        if (!sealer.current(sealed)) {
          sealed = sealed(push); // its keys have changed: nobody takes it under the old ones
        }
      }
    } finally {
      shared.tally().ended();
    }
    setOnline(true);
    if (link.answers()) {
      probe.confirmed(meter.serial(), sealed.counter());
      shared.tally().confirmed(push.facts(), System.nanoTime() - begun);
      shared.journal().add(new Confirmed(meter.serial(), sealed.counter(), push.facts()));
    }
  }

  private Sealer.Sealed sealed(Push push) {
    return sealer.seal(push.body(), shared.counters().next(meter.number()));
  }

  /** Sends once and waits; true where the push is confirmed, or as good as it gets over UDP. */
  private boolean tryOnce(Sealer.Sealed sealed) throws InterruptedException {
    Semaphore permits = shared.inFlight();
    permits.acquire();
    try {
      probe.sending(meter.serial(), sealed.counter(), sealed.plain(), sealed.apdu().length);
      link.send(sealed.apdu());
      if (!link.answers()) {
        return true;
      }
      long end = System.nanoTime() + shared.settings().patience().toNanos();
      while (!sealer.confirms(sealed, link.receive(Duration.ofNanos(end - System.nanoTime())))) {
        shared.tally().refused();
      }
      return true;
    } catch (IOException e) {
      link.close();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return false;
    } finally {
      permits.release();
      if (!shared.settings().keepOpen()) {
        link.close();
      }
    }
  }

  private void setOnline(boolean now) {
    if (now != online) {
      online = now;
      shared.tally().online(now ? 1 : -1);
    }
  }

  private static Duration positive(Duration d) {
    return d.isNegative() ? Duration.ZERO : d;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
