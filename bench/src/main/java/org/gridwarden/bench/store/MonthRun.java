package org.gridwarden.bench.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
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
      throws IOException, InterruptedException {
    SplittableRandom dice = new SplittableRandom(name.hashCode());
    double[] took = new double[requests];
    long bytes = 0;
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = -warmUp; i < requests; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(address(server.url(), 1 + dice.nextInt(meters)))
                .header("Authorization", "Bearer " + token)
                .header("Accept", type)
                .timeout(Duration.ofSeconds(30))
                .build();
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        double millis = (System.nanoTime() - begun) / 1e6;
        if (answer.statusCode() != 200 || answer.body().length < SLOTS * 20) {
          throw new IOException(
              "the server answered "
                  + answer.statusCode()
                  + ", "
                  + answer.body().length
                  + " bytes");
        }
        if (i >= 0) {
          took[i] = millis;
          bytes += answer.body().length;
        }
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
