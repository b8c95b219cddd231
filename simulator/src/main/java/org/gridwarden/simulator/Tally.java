package org.gridwarden.simulator;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a street does. Thread-safe. */
final class Tally {
  private final AtomicInteger online = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder receipts = new LongAdder();
  private final LongAdder readings = new LongAdder();
  private final AtomicReference<OptionalLong> first = new AtomicReference<>(OptionalLong.empty());
  private final Latencies latencies = new Latencies();

  void online(int more) {
    online.addAndGet(more);
  }

  void sent() {
    sent.increment();
    waiting.incrementAndGet();
  }

  void ended() {
    waiting.decrementAndGet();
  }

  void retried() {
    retried.increment();
  }

  void refused() {
    refused.increment();
  }

  void receipt() {
    receipts.increment();
  }

  /** Messages and receipts. */
  long acknowledged() {
    return confirmed.sum() + receipts.sum();
  }

  void confirmed(List<Confirmed.Fact> facts, long nanos) {
    if (first.get().isEmpty()) {
      first.compareAndSet(OptionalLong.empty(), OptionalLong.of(System.nanoTime()));
    }
    confirmed.increment();
    readings.add(Confirmed.readings(facts));
    latencies.record(nanos);
  }

  OptionalLong firstConfirmed() {
    return first.get();
  }

  StreetStats stats() {
    return new StreetStats(
        online.get(),
        sent.sum(),
        retried.sum(),
        confirmed.sum(),
        refused.sum(),
        waiting.get(),
        readings.sum(),
        latencies.millis(0.50),
        latencies.millis(0.95),
        latencies.millis(0.99));
  }
}
