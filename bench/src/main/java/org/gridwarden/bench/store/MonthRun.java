package org.gridwarden.bench.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.gridwarden.bench.Report;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;

/**
 * Fills a store, starts a server on it and asks it for months. Apart from the command, which is
 * loaded with every other one: here are the server's classes.
 */
final class MonthRun {
  private static final int DAYS = 30;

  /** So many slots a requested range has. */
  private static final int SLOTS = DAYS * FullStore.SLOTS;

  private final int meters;
  private final int requests;
  private final int warmUp;

  MonthRun(int meters, int requests, int warmUp) {
    this.meters = meters;
    this.requests = requests;
    this.warmUp = warmUp;
  }

  /** Measures. */
  Report report() throws Exception {
    long begun = System.nanoTime();
    try (FullStore full = FullStore.fill(meters, DAYS)) {
      double filled = (System.nanoTime() - begun) / 1e9;
      GridwardenConfig config =
          GridwardenConfig.parse(
                  """
                  console: {bind: 127.0.0.1, port: 0, plaintext: true}
                  channels: {dlms: {plaintext: allowed, tcp: {bind: 127.0.0.1, port: 0}}}
                  collection: {enabled: false}
                  logging: {level: warn}
                  """,
                  "bench",
                  Map.of())
              .withData(full.data());
      try (RunningServer server = GridwardenServer.start(config)) {
        String token = Files.readString(full.data().resolve("cli-token")).strip();
        Report report = new Report().add("meters", meters).add("fill_s", filled);
        measure(server, token, "application/json", "json", report);
        measure(server, token, "text/csv", "csv", report);
        return report.add("intervals", (long) meters * SLOTS);
      }
    }
  }

  private void measure(RunningServer server, String token, String type, String name, Report report)
      throws IOException {
    SplittableRandom dice = new SplittableRandom(name.hashCode());
    double[] took = new double[requests];
    long bytes = 0;
    byte[] buffer = new byte[64 * 1024];
    for (int i = -warmUp; i < requests; i++) {
      URL address = address(server.url(), 1 + dice.nextInt(meters)).toURL();
      long begun = System.nanoTime();
      long length = read(address, token, type, buffer);
      double millis = (System.nanoTime() - begun) / 1e6;
      if (i >= 0) {
        took[i] = millis;
        bytes += length;
      }
    }
    Arrays.sort(took);
    report
        .add(name + "_bytes", bytes / requests)
        .add(name + "_p50_ms", took[requests / 2])
        .add(name + "_p95_ms", took[(int) (requests * 0.95)])
        .add(name + "_p99_ms", took[(int) (requests * 0.99)])
        .add(name + "_worst_ms", took[requests - 1]);
  }

  /**
   * Asks and reads to the end, on a connection that is kept; by the JDK's plain client, since what
   * a client allocates would be in the same memory as the server's.
   */
  private static long read(URL address, String token, String type, byte[] buffer)
      throws IOException {
    HttpURLConnection asked = (HttpURLConnection) address.openConnection();
    asked.setRequestProperty("Authorization", "Bearer " + token);
    asked.setRequestProperty("Accept", type);
    asked.setReadTimeout(30_000);
    long length = 0;
    try (InputStream in = asked.getInputStream()) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        length += got;
      }
    }
    if (asked.getResponseCode() != 200 || length < SLOTS * 20) {
      throw new IOException(
          "the server answered " + asked.getResponseCode() + ", " + length + " bytes");
    }
    return length;
  }

  private static URI address(URI server, int meter) {
    Instant from = FullStore.FIRST.atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant to = FullStore.FIRST.plusDays(DAYS).atStartOfDay(ZoneOffset.UTC).toInstant();
    return server.resolve(
        "/api/v1/meters/B"
            + meter
            + "/readings?channel="
            + Bench.ENERGY
            + "&from="
            + from
            + "&to="
            + to);
  }
}
