package org.gridwarden.simulator.zigbee.meter;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Mac;

/**
 * How long a battery lasts that wakes a device for each report: reckoned from a table of currents,
 * for a channel that is free and a parent that answers at once. Immutable.
 */
public final class Battery {
  private static final String TABLE = "currents.properties";
  private static final int ACK = 5;

  /** Half of the first backoff's slots, on the average. */
  private static final double BACKOFFS = 3.5;

  /** A question to the parent whether anything waits: a command of one byte. */
  private static final int POLL = 12;

  private final Properties table = new Properties();

  /** By the table that is shipped. */
  public Battery() {
    try (InputStream in = Battery.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + TABLE);
      }
      table.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double of(String name) {
    String value = table.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(TABLE + " lacks " + name);
    }
    return Double.parseDouble(value.strip());
  }

  /**
   * The charge of one report, in microampere-seconds: waking, waiting for a free channel, sending,
   * its acknowledgement, and one question for what waits at the parent.
   *
   * @param bytes of the frame, 11 to 127
   */
  public double report(int bytes) {
    return wake() + frame(bytes) + frame(POLL);
  }

  /** The charge of asking the parent once whether anything waits, in microampere-seconds. */
  public double poll() {
    return wake() + frame(POLL);
  }

  private double wake() {
    return of("wake.microamperes") * of("wake.microseconds") / 1e6;
  }

  /**
   * The charge of what a radio has done, in microampere-seconds, sleep not counted.
   *
   * @param wakes how often the device woke
   * @param onMicros for how long its radio was on in all
   * @param sentMicros for how long of that it sent
   */
  public double charge(long wakes, long onMicros, long sentMicros) {
    return wakes * wake()
        + ((onMicros - sentMicros) * of("receive.microamperes")
                + sentMicros * of("send.microamperes"))
            / 1e6;
  }

  /**
   * How long the battery lasts of a device that asks its parent, besides reporting.
   *
   * @param asks how often it asks: a command waits half of that for it, on the average
   * @param interval of its reports
   * @param bytes of a report's frame, 11 to 127
   */
  public Duration life(Duration asks, Duration interval, int bytes) {
    return lasts(poll() / seconds(asks) + report(bytes) / seconds(interval));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  private Duration lasts(double microamperes) {
    double mean = of("sleep.microamperes") + microamperes;
    return Duration.ofMinutes((long) (of("battery.milliampere.hours") * 1_000 / mean * 60));
  }

  private double frame(int bytes) {
    double listening = BACKOFFS * Mac.BACKOFF + Mac.CCA + 2 * Mac.TURNAROUND + Air.airtime(ACK);
    return (listening * of("receive.microamperes") + Air.airtime(bytes) * of("send.microamperes"))
        / 1e6;
  }

  /** How long the battery lasts. */
  public Duration life(Duration interval, int bytes) {
    return lasts(report(bytes) / seconds(interval));
  }

  /** Which part of the time the device is awake, 0 to 1. */
  public double duty(Duration interval, int bytes) {
    double awake =
        of("wake.microseconds")
            + 2 * (BACKOFFS * Mac.BACKOFF + Mac.CCA + 2 * Mac.TURNAROUND + Air.airtime(ACK))
            + Air.airtime(bytes)
            + Air.airtime(POLL);
    return awake / (interval.toMillis() * 1_000.0);
  }
}
