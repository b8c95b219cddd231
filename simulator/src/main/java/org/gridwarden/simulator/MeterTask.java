package org.gridwarden.simulator;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

  /** On the average one event per meter in so many momentary pushes. */
  private static final int EVENT_RARITY = 180;

  private final VirtualMeter meter;
  private final PushBodies bodies;
  private final Sealer sealer;
  private final PushLink link;
  private final Street.Shared shared;
  private boolean online;

  MeterTask(VirtualMeter meter, Sealer sealer, PushLink link, Street.Shared shared) {
    this.meter = meter;
    this.bodies = new PushBodies(meter, shared.settings().zone());
    this.sealer = sealer;
    this.link = link;
    this.shared = shared;
  }

  @Override
  public void run() {
    try (link) {
      Instant nextSlotEnd = tellHistory();
      live(nextSlotEnd);
    } catch (InterruptedException e) {
      // the street closes
    } finally {
      setOnline(false);
    }
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
      end = begin;
    }
    return slot.plusSeconds(LoadCurve.QUARTER);
  }

  private void live(Instant firstSlotEnd) throws InterruptedException {
    long every = shared.settings().every().toMillis();
    Instant slotEnd = firstSlotEnd;
    Instant next =
        meter.clock().instant().plusMillis(meter.dice().of(1).below((int) Math.min(every, 60_000)));
    int round = 0;
    while (true) {
      await(next);
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

  /** Waits for a moment, at most for a round, and tells at once what cannot wait. */
  private void await(Instant next) throws InterruptedException {
    meter.control().consumer();
    long end = System.nanoTime() + shared.settings().every().toNanos();
    while (true) {
      Duration left = positive(meter.clock().until(next)); // by its own clock, which may be set
      Duration round = positive(Duration.ofNanos(end - System.nanoTime()));
      Optional<MeterControl.Urgent> urgent = meter.control().urgent(shorter(left, round));
      if (urgent.isEmpty()) {
        return;
      }
      Instant now = meter.clock().instant();
      push(
          switch (urgent.get()) {
            case MeterControl.Urgent.Event(int code) ->
                bodies.event(now, MeterControl.BREAKER_LOG, code);
            case MeterControl.Urgent.Reading _ -> bodies.momentary(now);
          });
    }
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
    return lastEnd.plusSeconds(LoadCurve.QUARTER);
  }

  private void push(Push push) throws InterruptedException {
    Sealer.Sealed sealed = sealer.seal(push.body(), shared.counters().next(meter.number()));
    long begun = System.nanoTime();
    Duration backOff = FIRST_BACK_OFF;
    shared.tally().sent();
    try {
      while (!tryOnce(sealed)) {
        setOnline(false);
        Thread.sleep(backOff.plusMillis(meter.dice().of(begun).below((int) backOff.toMillis())));
        backOff = shorter(backOff.multipliedBy(2), LONGEST_BACK_OFF);
        shared.tally().retried();
      }
    } finally {
      shared.tally().ended();
    }
    setOnline(true);
    if (link.answers()) {
      shared.tally().confirmed(push, System.nanoTime() - begun);
      shared.journal().add(new Confirmed(meter.serial(), sealed.counter(), push.facts()));
    }
  }

  /** Sends once and waits; true where the push is confirmed, or as good as it gets over UDP. */
  private boolean tryOnce(Sealer.Sealed sealed) throws InterruptedException {
    Semaphore permits = shared.inFlight();
    permits.acquire();
    try {
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
