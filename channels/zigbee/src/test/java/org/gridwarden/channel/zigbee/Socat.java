package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A pair of pseudo-terminals, as two ends of a serial line; skips where socat is not installed. */
record Socat(Process process, Path office, Path meter) implements AutoCloseable {
  static Socat open(Path folder) throws IOException {
    Path office = folder.resolve("office");
    Path meter = folder.resolve("meter");
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "socat", "pty,raw,echo=0,link=" + office, "pty,raw,echo=0,link=" + meter)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("socat.log").toFile())
              .start();
    } catch (IOException e) {
      assertThat(System.getenv("CI"))
          .as("socat is missing: apt install socat")
          .isNotEqualTo("true");
      Assumptions.abort("socat is missing: apt install socat");
      throw e;
    }
    await().atMost(TestOffice.LONG).until(() -> Files.exists(office) && Files.exists(meter));
    return new Socat(process, office, meter);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
