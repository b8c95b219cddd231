package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Demand register (class 5, version 0, IEC 62056-6-2 clause 4.3.4): the average of what a counter
 * counted over number_of_periods periods, which slide by one period; with one it is block demand.
 * The average always divides by the whole window, so that the current one grows from the window's
 * start and becomes the last one when a period ends.
 *
 * <p>A write of period or number_of_periods resets the register, since the window would mix
 * averages otherwise. Thread-safe: one lock guards the window; the counter is asked with it held.
 */
public final class DemandRegister extends InterfaceObject implements Timed {
  private static final InterfaceClass<DemandRegister> CLASS =
      new InterfaceClass<DemandRegister>(5, 0, 9, 2)
          .attribute(2, r -> new DlmsData.DoubleLongUnsigned(r.current()))
          .attribute(3, r -> new DlmsData.DoubleLongUnsigned(r.last()))
          .attribute(4, r -> r.scalerUnit.data())
          .attribute(5, r -> new DlmsData.Unsigned8(0))
          .attribute(6, r -> DlmsData.OctetString.of(r.captureTime()))
          .attribute(7, r -> DlmsData.OctetString.of(r.startTime()))
          .attribute(
              8,
              r -> new DlmsData.DoubleLongUnsigned(r.period()),
              (r, v) -> r.window(Values.doubleLongUnsigned(v), r.periods()))
          .attribute(
              9,
              r -> new DlmsData.LongUnsigned(r.periods()),
              (r, v) -> r.window(r.period(), Values.longUnsigned(v)))
          .plainMethod(1, DemandRegister::reset)
          .plainMethod(2, DemandRegister::nextPeriod);

  private static final long MOST = 0xFFFF_FFFFL;

  /** Where a period began, and what the counter showed then. */
  private record Boundary(Instant start, long counter) {}

  private final LongSupplier counter;
  private final long perUnit;
  private final ScalerUnit scalerUnit;
  private final Clock clock;
  private final BiConsumer<Long, Instant> ended;
  private final ArrayDeque<Boundary> window = new ArrayDeque<>(2);
  private long period;
  private int periods;
  private long last;
  private CosemDateTime captured = CosemDateTime.UNSPECIFIED;

  /**
   * @param counter only ever grows, such as energy
   * @param perUnit by what the counter's units a second are multiplied: 3,600 makes Wh to W
   * @param period in seconds, from 1
   * @param periods 1 to 65,535
   * @param ended told of the average of each window that ends, outside the lock
   */
  public DemandRegister(
      ObisCode logicalName,
      LongSupplier counter,
      long perUnit,
      ScalerUnit scalerUnit,
      Clock clock,
      long period,
      int periods,
      BiConsumer<Long, Instant> ended) {
    super(CLASS, logicalName);
    if (period < 1 || period > MOST || periods < 1 || periods > 0xFFFF) {
      throw new IllegalArgumentException("a window of " + periods + " periods of " + period + " s");
    }
    this.counter = counter;
    this.perUnit = perUnit;
    this.scalerUnit = scalerUnit;
    this.clock = clock;
    this.period = period;
    this.periods = periods;
    this.ended = ended;
    this.window.add(new Boundary(clock.instant(), counter.getAsLong()));
  }

  private synchronized long current() {
    // rounded, half up, and no more than the type holds
    long counted = Math.max(0, counter.getAsLong() - window.getFirst().counter) * perUnit;
    long seconds = period * periods;
    return Math.min(MOST, (counted + seconds / 2) / seconds);
  }

  private synchronized long last() {
    return last;
  }

  private synchronized CosemDateTime captureTime() {
    return captured;
  }

  private synchronized CosemDateTime startTime() {
    return clock.time(window.getFirst().start);
  }

  private synchronized long period() {
    return period;
  }

  private synchronized int periods() {
    return periods;
  }

  private synchronized void window(long newPeriod, int newPeriods) throws Refusal {
    if (newPeriod < 1 || newPeriods < 1) {
      throw Refusal.value();
    }
    period = newPeriod;
    periods = newPeriods;
    reset();
  }

  /** Ends the period and forgets all averages; both times become now. */
  public synchronized void reset() {
    Instant now = clock.instant();
    last = 0;
    captured = clock.time(now);
    window.clear();
    window.add(new Boundary(now, counter.getAsLong()));
  }

  /** Ends the period as if its time had come. */
  public void nextPeriod() {
    Instant now = clock.instant();
    long average;
    synchronized (this) {
      last = current();
      average = last;
      captured = clock.time(now);
      window.add(new Boundary(now, counter.getAsLong()));
      while (window.size() > periods) {
        window.removeFirst();
      }
    }
    ended.accept(average, now);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(Recurrence.nextPeriod(period(), after, clock.rules()));
  }

  @Override
  public void tick(Instant now) {
    nextPeriod();
  }
}
