package org.gridwarden.bench.intake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.core.Secret;
import org.gridwarden.simulator.mqtt.MqttClient;
import org.gridwarden.simulator.mqtt.MqttOptions;

/** Debian's Mosquitto on a free port, with one subscriber to all that meters publish. */
final class Mosquitto implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"));
  private static final Duration COMES_UP = Duration.ofSeconds(10);

  private final Process process;
  private final Path folder;
  private final int port;
  private final LongAdder forwarded = new LongAdder();
  private final MqttClient subscriber;

  private Mosquitto(Process process, Path folder, int port) throws Exception {
    this.process = process;
    this.folder = folder;
    this.port = port;
    Socket socket = awaited();
    subscriber =
        MqttClient.open(
            socket,
            MqttOptions.of("subscriber", new Secret(new byte[] {'x'})),
            (topic, payload) -> forwarded.increment());
    subscriber.connected().get(COMES_UP.toSeconds(), TimeUnit.SECONDS);
    subscriber.subscribe("gw/+/up/#", 1).get(COMES_UP.toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * Starts one.
   *
   * @return empty where it is not installed
   */
  static Optional<Mosquitto> start() throws Exception {
    Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    Path folder = Files.createTempDirectory("gridwarden-mosquitto-");
    Path config =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            "listener "
                + port
                + " 127.0.0.1\nallow_anonymous true\npersistence false\n"
                + "max_inflight_messages 0\nmax_queued_messages 0\nuser root\n");
    Process process =
        new ProcessBuilder(program.get().toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return Optional.of(new Mosquitto(process, folder, port));
  }

  private Socket awaited() throws Exception {
    long end = System.nanoTime() + COMES_UP.toNanos();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return socket;
      } catch (IOException e) {
        socket.close();
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("Mosquitto did not come up on port " + port, e);
        }
        Thread.sleep(50);
      }
    }
  }

  int port() {
    return port;
  }

  /** How many messages its subscriber got. */
  long forwarded() {
    return forwarded.sum();
  }

  @Override
  public void close() throws IOException {
    subscriber.close();
    process.destroy();
    try {
      process.waitFor(COMES_UP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    for (String name : List.of("mosquitto.conf", "log")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(folder);
  }
}
