package org.gridwarden.simulator.zigbee.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;

/**
 * How many meters one network bears: devices around a coordinator that report under both keys, each
 * at moments of its own, in time that goes as fast as it can. Pure functions of their arguments.
 */
public final class Capacity {
  private static final int REPORT = 0x0702;
  private static final int PAYLOAD = 40;
  private static final long WARM = 5_000_000;

  private Capacity() {}

  /**
   * What was measured.
   *
   * @param delivered which part of the reports was acknowledged end to end, 0 to 1
   * @param medianMillis how long an acknowledged one took
   * @param busy which part of the time somebody sent; at once counts twice
   */
  public record Point(
      int meters,
      int intervalSeconds,
      double loss,
      double delivered,
      double medianMillis,
      double busy) {}

  /**
   * Measures.
   *
   * @param meters all hear each other and the coordinator
   * @param loss which part of the frames is lost without a collision, 0 to 1
   * @param seconds for how long
   */
  public static Point measure(
      int meters, int intervalSeconds, double loss, int seconds, long seed) {
    Star star = new Star(meters, loss, seed, (from, at, frame) -> {}); // its sender is told
    Timeline time = star.time();
    Air air = star.air();
    List<Long> delays = new ArrayList<>();
    int[] counts = new int[2];
    long interval = intervalSeconds * 1_000_000L;
    long end = WARM + seconds * 1_000_000L;
    for (ApsLayer meter : star.meters()) {
      report(meter, time, air.random().nextLong(interval), interval, end, delays, counts);
    }
    time.advance(end + 10_000_000L);
    long[] sorted = delays.stream().mapToLong(Long::longValue).sorted().toArray();
    return new Point(
        meters,
        intervalSeconds,
        loss,
        counts[0] == 0 ? 0 : (double) counts[1] / counts[0],
        sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2] / 1_000.0,
        (double) air.busyMicros() / time.now());
  }

  private static void report(
      ApsLayer meter,
      Timeline time,
      long in,
      long interval,
      long end,
      List<Long> delays,
      int[] counts) {
    time.after(
        in,
        () -> {
          if (time.now() >= end) {
            return;
          }
          long begun = time.now();
          counts[0]++;
          byte[] payload = new byte[PAYLOAD];
          Arrays.fill(payload, (byte) 1);
          meter.send(
              0,
              new ApsFrame(
                  ApsFrame.Type.DATA,
                  false,
                  true,
                  true,
                  1,
                  REPORT,
                  0x0109,
                  1,
                  meter.nextCounter(),
                  payload),
              told -> {
                if (told) {
                  counts[1]++;
                  delays.add(time.now() - begun);
                }
              });
          report(meter, time, interval, interval, end, delays, counts);
        });
  }
}
