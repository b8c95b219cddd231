package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The office's process is killed, with the dongle's line open and frames under way. */
class OfficeKilledIT {
  private static final int METERS = 5;
  private static final Duration VERY_LONG = Duration.ofMinutes(8);

  /** The last line that a process printed. */
  private static final class Office implements AutoCloseable {
    private final Process process;
    private volatile long reached;
    private volatile long stored;

    Office(StreetBench bench, int counted) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OfficeProcess.class.getName(),
                  bench.line.office().toString(),
                  bench.coordinator().toString(),
                  String.valueOf(METERS),
                  String.valueOf(counted))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (BufferedReader lines = process.inputReader()) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          String[] words = line.split(" ");
          if (words.length == 4 && words[0].equals("reached")) {
            reached = Long.parseLong(words[1]);
            stored = Long.parseLong(words[3]);
          }
        }
      } catch (IOException e) {
        // it was killed
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  @Test
  @DisplayName("kill -9, and again: nobody joins anew, reports and messages go on")
  void nobodyJoinsAnew(@TempDir Path folder) throws Exception {
    try (StreetBench bench =
        new StreetBench(
            folder,
            METERS,
            Duration.ofSeconds(3),
            new ZigbeeModel.Layout(METERS, 0.01),
            StreetBench.Wire.PLAIN)) {
      try (Office first = new Office(bench, 0)) {
        await()
            .atMost(VERY_LONG)
            .until(() -> Files.exists(bench.coordinator().resolve("network.properties")));
        List<Admissions.Guest> guests = new ArrayList<>();
        for (int i = 1; i <= METERS; i++) {
          guests.add(
              new Admissions.Guest(
                  ZigbeeModel.name(bench.model.eui64(i)),
                  HexFormat.of().formatHex(bench.model.installCode(i)),
                  bench.street.serials().get(i - 1)));
        }
        Admissions.post(bench.coordinator(), guests, Duration.ofSeconds(200));
        bench.model.joinAll();
        await().atMost(VERY_LONG).until(() -> first.reached == METERS);
        bench.start();
        await().atMost(VERY_LONG).until(() -> first.stored > 3 * METERS);
      }
      for (int time = 1; time <= 2; time++) {
        try (Office again = new Office(bench, time * 1_000)) {
          await()
              .atMost(VERY_LONG)
              .until(() -> again.reached == METERS && again.stored > 3 * METERS);
        }
      }
      assertThat(bench.model.joins()).isEqualTo(METERS);
      assertThat(bench.model.inside()).isEqualTo(METERS);
    }
  }
}
