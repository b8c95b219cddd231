package org.gridwarden.bench.intake;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.bench.Report;

/**
 * Meters send to the endpoint, then the same to a broker that only forwards. Apart from the
 * command, which is loaded with every other one: here are the store's classes.
 */
public final class IntakeRun {
  private static final Duration BACK = Duration.ofHours(1);

  private final Protocol protocol;
  private final int meters;
  private final int values;
  private final Duration lasting;
  private final boolean beside;

  /**
   * By MQTT.
   *
   * @param values a message, 1 to 96
   * @param beside whether the endpoint without a store takes in the same load afterwards, and
   *     Mosquitto forwards it
   */
  public static IntakeRun mqtt(int meters, int values, Duration lasting, boolean beside) {
    return new IntakeRun(Protocol.MQTT, meters, values, lasting, beside);
  }

  /**
   * By AMQP.
   *
   * @param values a message, 1 to 96
   */
  public static IntakeRun amqp(int meters, int values, Duration lasting) {
    return new IntakeRun(Protocol.AMQP, meters, values, lasting, false);
  }

  private IntakeRun(Protocol protocol, int meters, int values, Duration lasting, boolean beside) {
    this.protocol = protocol;
    this.meters = meters;
    this.values = values;
    this.lasting = lasting;
    this.beside = beside;
  }

  /** Measures. */
  public Report report() throws Exception {
    InstantSource clock = InstantSource.system();
    IntakeLoad load = new IntakeLoad(protocol, meters, values, clock.instant().minus(BACK));
    Report report = new Report().add("meters", meters).add("values_a_message", values);
    try (IntakeOffice office = new IntakeOffice(protocol, clock)) {
      office.ship(load.shipment());
      load.run(office.port(), lasting.dividedBy(3), true); // warm
      long before = office.count("SELECT count(*) FROM momentary");
      IntakeLoad.Result result = load.run(office.port(), lasting, true);
      long rows = office.count("SELECT count(*) FROM momentary") - before;
      report
          .add("seconds", result.seconds())
          .add("messages_acknowledged", result.acknowledged())
          .add("messages_refused", result.refused())
          .add("readings_stored", rows)
          .add("readings_missing", result.acknowledged() * values - rows)
          .add("messages_per_s", result.acknowledged() / result.seconds())
          .add("acknowledged_p50_ms", result.p50())
          .add("acknowledged_p99_ms", result.p99());
      if (beside) {
        load.run(office.barePort(), lasting.dividedBy(3), true);
        IntakeLoad.Result bare = load.run(office.barePort(), lasting, true);
        report
            .add("without_store_per_s", bare.acknowledged() / bare.seconds())
            .add("without_store_p99_ms", bare.p99());
      }
    }
    if (beside) {
      besides(load, report);
    }
    return report;
  }

  private void besides(IntakeLoad load, Report report) throws Exception {
    Optional<Mosquitto> started = Mosquitto.start();
    if (started.isEmpty()) {
      throw new IllegalStateException("there is no mosquitto: apt-get install mosquitto");
    }
    try (Mosquitto broker = started.get()) {
      load.run(broker.port(), lasting.dividedBy(3), false);
      long before = broker.forwarded();
      IntakeLoad.Result result = load.run(broker.port(), lasting, false);
      report
          .add("mosquitto_acknowledged_per_s", result.acknowledged() / result.seconds())
          .add("mosquitto_forwarded_per_s", (broker.forwarded() - before) / result.seconds())
          .add("mosquitto_p99_ms", result.p99());
    }
  }
}
