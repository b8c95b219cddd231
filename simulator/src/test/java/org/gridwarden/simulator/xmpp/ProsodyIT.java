package org.gridwarden.simulator.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProsodyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void itListensUntilItIsClosed() throws Exception {
    Prosody prosody = Prosody.start(folder.resolve("prosody"), "127.0.0.1", 0);
    int port = prosody.clients();
    assertThat(listens(port)).isTrue();
    assertThat(prosody.isAlive()).isTrue();
    Path secret = folder.resolve("prosody/secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(prosody.section().toString())
        .contains("office.meters.example", secret.toString())
        .doesNotContain(Files.readString(secret).strip());
    prosody.close();
    prosody.close(); // twice is once
    assertThat(prosody.isAlive()).isFalse();
    await().atMost(PATIENCE).until(() -> !listens(port));
  }

  @Test
  void itEndsWithItsStarterHoweverThatEnds() throws Exception {
    Process starter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Starter.class.getName(),
                folder.resolve("prosody").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(starter.getInputStream(), StandardCharsets.UTF_8))) {
      int port = Integer.parseInt(out.readLine());
      assertThat(listens(port)).isTrue();
      assertThat(starter.destroyForcibly().waitFor(60, TimeUnit.SECONDS)).isTrue();
      await().atMost(PATIENCE).until(() -> !listens(port));
    } finally {
      starter.destroyForcibly();
    }
  }

  /** Starts one, and stays. */
  static final class Starter {
    private Starter() {}

    public static void main(String[] args) throws Exception {
      try (Prosody prosody = Prosody.start(Path.of(args[0]), "127.0.0.1", 0)) {
        System.out.println(prosody.clients());
        new CountDownLatch(1).await();
      }
    }
  }
}
