package org.gridwarden.channel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.channel.mqtt.TestOffice.A;
import static org.gridwarden.channel.mqtt.TestOffice.B;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gridwarden.core.Secret;
import org.gridwarden.simulator.mqtt.MqttOptions;

/** Debian's Mosquitto with the recipe of tools/mosquitto, on free ports, in a folder of its own. */
final class Mosquitto implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path RECIPE = Path.of("../../tools/mosquitto").toAbsolutePath();
  private static final String PASSWORD = "the office's own";

  private final Path folder;
  private final int certificatePort;
  private final int passwordPort;
  private Process process;

  private Mosquitto(Path folder, int certificatePort, int passwordPort) throws IOException {
    this.folder = folder;
    this.certificatePort = certificatePort;
    this.passwordPort = passwordPort;
    this.process = run();
  }

  static Mosquitto start() throws Exception {
    assertThat(program()).as("Debian's package mosquitto").exists();
    Path folder = Files.createTempDirectory("gridwarden-mosquitto-");
    Files.createDirectory(folder.resolve("kept"));
    TestAuthority authority = TestAuthority.shared();
    authority.write(folder, "broker", authority.broker());
    int certificates = free();
    int passwords = free();
    String recipe =
        Files.readString(RECIPE.resolve("gridwarden.conf"))
            .replace("/etc/mosquitto/gridwarden/", folder + "/")
            .replace("/var/lib/mosquitto/", folder.resolve("kept") + "/")
            .replace("listener 8883", "listener " + certificates + " 127.0.0.1")
            .replace("listener 8884", "listener " + passwords + " 127.0.0.1");
    Files.writeString(
        folder.resolve("gridwarden.conf"),
        "user " + System.getProperty("user.name") + "\n" + recipe);
    Files.writeString(
        folder.resolve("acl"),
        Files.readString(RECIPE.resolve("acl")) + "\nuser mallory\ntopic readwrite #\n");
    password(folder, "-c", "gridwarden", PASSWORD);
    password(folder, "", "mallory", PASSWORD);
    for (var meter : List.of(A, B)) {
      password(folder, "", meter.value(), TestOffice.password(meter));
    }
    return new Mosquitto(folder, certificates, passwords);
  }

  private static Path program() {
    return Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of("/usr/sbin/mosquitto"));
  }

  /** A free port below those that are given to whoever asks for any. */
  private static int free() {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket =
          new ServerSocket(candidate, 1, InetAddress.getByName("127.0.0.1"))) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // somebody has it
      }
    }
  }

  /** From now on it lets a meter in that is none of the two. */
  void admit(String meter, Secret password) throws Exception {
    password(folder, "", meter, new String(password.copy(), StandardCharsets.US_ASCII));
    signal("-HUP");
  }

  private static void password(Path folder, String option, String name, String password)
      throws Exception {
    List<String> command =
        Stream.of(
                "mosquitto_passwd",
                option,
                "-b",
                folder.resolve("passwords").toString(),
                name,
                password)
            .filter(word -> !word.isEmpty())
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("mosquitto_passwd").isZero();
  }

  private Process run() throws IOException {
    Process started =
        new ProcessBuilder(program().toString(), "-c", folder.resolve("gridwarden.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    await()
        .atMost(PATIENCE)
        .until(() -> {
          if (!started.isAlive()) {
            throw new IllegalStateException(log());
          }
          return answers();
        });
    return started;
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", passwordPort), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it said, for a failure. */
  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /** For meters with certificates. */
  int certificatePort() {
    return certificatePort;
  }

  /** For the office, and meters with passwords. */
  int passwordPort() {
    return passwordPort;
  }

  Path root() {
    return folder.resolve("root.pem");
  }

  /** The office's section {@code channels.mqtt.broker}. */
  Map<String, Object> settings() throws IOException {
    Path secret = folder.resolve("office-password");
    Files.writeString(secret, PASSWORD + "\n");
    Map<String, Object> settings = new HashMap<>();
    settings.put("host", "localhost");
    settings.put("port", passwordPort);
    settings.put("trust", root().toString());
    settings.put("user", "gridwarden");
    settings.put("password", "file:" + secret);
    return settings;
  }

  /** Somebody who may do all that the broker itself may. */
  MqttOptions everything() {
    return MqttOptions.of("mallory", new Secret(PASSWORD.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Has it write what it keeps now, and waits until it has. */
  void save() throws Exception {
    Path kept = folder.resolve("kept/mosquitto.db");
    FileTime before = Files.exists(kept) ? Files.getLastModifiedTime(kept) : FileTime.fromMillis(0);
    signal("-USR1");
    await()
        .atMost(PATIENCE)
        .until(() -> Files.exists(kept) && !Files.getLastModifiedTime(kept).equals(before));
  }

  private void signal(String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** As a power cut does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** It writes what it keeps. */
  void stop() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  void restart() throws IOException {
    process = run();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
