package org.gridwarden.headend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.util.function.Supplier;
import org.gridwarden.core.Intake.Outcome;

/** Intake's figures, {@code gridwarden.intake.*}. No tag carries anything of a meter. */
final class IntakeMetrics {
  private final Counter stored;
  private final Counter duplicate;
  private final Counter waiting;
  private final Counter refused;
  private final Counter poison;
  private final Counter retries;
  private final Counter splits;
  private final DistributionSummary batch;
  private final Timer commit;
  private final Timer durable;

  IntakeMetrics(MeterRegistry registry, Supplier<IntakeState> state) {
    stored = outcome(registry, "stored");
    duplicate = outcome(registry, "duplicate");
    waiting = outcome(registry, "waiting");
    refused = outcome(registry, "refused");
    poison = counter(registry, "poison", "messages refused because they could not be stored");
    retries = counter(registry, "retries", "commits tried again after the database failed");
    splits = counter(registry, "splits", "batches cut in two to find what cannot be stored");
    batch =
        DistributionSummary.builder("gridwarden.intake.batch")
            .description("messages a commit")
            .publishPercentileHistogram(false)
            .register(registry);
    commit =
        Timer.builder("gridwarden.intake.commit")
            .description("time of a commit")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    durable =
        Timer.builder("gridwarden.intake.durable")
            .description("from submission to commit")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    gauge(registry, "queue.messages", "messages in hand", () -> state.get().queued());
    gauge(registry, "queue.blocked", "sessions waiting for room", () -> state.get().blocked());
    Gauge.builder("gridwarden.intake.queue.bytes", () -> state.get().queuedBytes())
        .description("memory in hand, by estimate")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    Gauge.builder("gridwarden.intake.queue.oldest", () -> state.get().oldestMillis() / 1000.0)
        .description("age of the oldest message in hand")
        .baseUnit("seconds")
        .register(registry);
  }

  void settled(Outcome outcome) {
    switch (outcome) {
      case Outcome.Stored s -> stored.increment();
      case Outcome.Duplicate d -> duplicate.increment();
      case Outcome.Waiting w -> waiting.increment();
      case Outcome.Refused r -> refused.increment();
    }
  }

  void committed(int messages, long nanos) {
    batch.record(messages);
    commit.record(Duration.ofNanos(nanos));
  }

  void durableAfter(long nanos) {
    durable.record(Duration.ofNanos(nanos));
  }

  void poisoned() {
    poison.increment();
  }

  void retried() {
    retries.increment();
  }

  void split() {
    splits.increment();
  }

  private static Counter outcome(MeterRegistry registry, String what) {
    return Counter.builder("gridwarden.intake.messages")
        .description("messages settled")
        .tag("outcome", what)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("gridwarden.intake." + name).description(description).register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String description, Supplier<Number> value) {
    Gauge.builder("gridwarden.intake." + name, value).description(description).register(registry);
  }
}
