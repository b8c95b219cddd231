package org.gridwarden.headend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Message;
import org.gridwarden.core.Usage;

/** Collection's figures, {@code gridwarden.collection.*}. No tag carries anything of a meter. */
final class CollectionMetrics {
  private final Counter succeeded;
  private final Counter failed;
  private final Counter absent;
  private final Counter intervals;
  private final Counter registers;
  private final Counter corrections;
  private final Counter alarms;
  private final Timer session;

  CollectionMetrics(MeterRegistry registry, Supplier<Number> running, Supplier<Number> waiting) {
    succeeded = turns(registry, "succeeded");
    failed = turns(registry, "failed");
    absent = turns(registry, "absent");
    intervals = counter(registry, "intervals", "slots and captures read from meters");
    registers = counter(registry, "registers", "billing registers read from meters");
    corrections = counter(registry, "clock.corrections", "clocks that were corrected");
    alarms = counter(registry, "clock.alarms", "clocks that were too far off to be corrected");
    session =
        Timer.builder("gridwarden.collection.session")
            .description("how long a meter's session took")
            .register(registry);
    Gauge.builder("gridwarden.collection.running", running)
        .description("sessions open")
        .register(registry);
    Gauge.builder("gridwarden.collection.waiting", waiting)
        .description("meters that are due and wait for a session")
        .register(registry);
  }

  void succeeded() {
    succeeded.increment();
  }

  void failed() {
    failed.increment();
  }

  void absent() {
    absent.increment();
  }

  void clockCorrected() {
    corrections.increment();
  }

  void clockAlarm() {
    alarms.increment();
  }

  void session(long nanos) {
    session.record(Duration.ofNanos(nanos));
  }

  void read(Message message) {
    switch (message) {
      case Usage usage -> intervals.increment(usage.slots().size() + usage.captures().size());
      case Billing billing -> registers.increment(billing.registers().size());
      default -> {}
    }
  }

  private static Counter turns(MeterRegistry registry, String outcome) {
    return Counter.builder("gridwarden.collection.turns")
        .description("meters' turns")
        .tag("outcome", outcome)
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("gridwarden.collection." + name)
        .description(description)
        .register(registry);
  }
}
