package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Debian's RabbitMQ with its plugin for AMQP 1.0, as processes of the test: folders, ports and a
 * name server of its own, stopped by their ids.
 */
final class RabbitMq implements AutoCloseable {
  static final String USER = "gridwarden";

  /** Ends the one of this test run with the run; it starts when it is first asked for. */
  static final class OneForAll implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      var unused =
          context
              .getRoot()
              .getStore(ExtensionContext.Namespace.GLOBAL)
              .computeIfAbsent(
                  RabbitMq.class, key -> (AutoCloseable) Route::stopBroker, AutoCloseable.class);
    }
  }

  private static final AtomicInteger GENERATION = new AtomicInteger();

  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final String PASSWORD = "a-password-of-the-test";

  private static final int ATTEMPTS = 5;

  final Path folder;
  int port;
  int tlsPort;
  private final List<Process> processes = new ArrayList<>();

  /** Starts one, and waits until it speaks. */
  RabbitMq() throws IOException {
    folder = Files.createTempDirectory("gridwarden-rabbitmq");
    TestAuthority authority = TestAuthority.shared();
    authority.write(folder, authority.server());
    Files.writeString(folder.resolve("enabled_plugins"), "[rabbitmq_amqp1_0].\n");
    Files.writeString(folder.resolve("password"), PASSWORD + "\n");
    for (int attempt = 1; !start(); attempt++) {
      stop();
      // somebody has taken one of its ports since they were looked for, say
      assertThat(attempt)
          .as("RabbitMQ did not start: " + Files.readString(folder.resolve("said")))
          .isLessThan(ATTEMPTS);
    }
  }

  private boolean start() throws IOException {
    port = free();
    tlsPort = free();
    int names = free();
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        String.join(
            "\n",
            "listeners.tcp.1 = 127.0.0.1:" + port,
            "listeners.ssl.1 = 127.0.0.1:" + tlsPort,
            "ssl_options.cacertfile = " + folder.resolve("root.pem"),
            "ssl_options.certfile = " + folder.resolve("meter.pem"),
            "ssl_options.keyfile = " + folder.resolve("meter.key"),
            "ssl_options.verify = verify_none",
            "ssl_options.fail_if_no_peer_cert = false",
            "default_user = " + USER,
            "default_pass = " + PASSWORD,
            "log.file.level = info",
            ""));
    Map<String, String> environment =
        Map.ofEntries(
            Map.entry("HOME", folder.toString()),
            Map.entry("ERL_EPMD_PORT", Integer.toString(names)),
            Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
            Map.entry("RABBITMQ_NODENAME", "gw" + port + "@localhost"),
            Map.entry("RABBITMQ_DIST_PORT", Integer.toString(free())),
            Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("no-environment").toString()),
            Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString()),
            Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("none.config").toString()),
            Map.entry(
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()),
            Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString()),
            Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
            Map.entry("RABBITMQ_PID_FILE", folder.resolve("pid").toString()),
            Map.entry(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}"));
    process(environment, "epmd", "-port", Integer.toString(names), "-address", "127.0.0.1");
    Process node = process(environment, "/usr/lib/rabbitmq/bin/rabbitmq-server");
    await()
        .atMost(BOOT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> !node.isAlive() || speaks());
    return node.isAlive();
  }

  private boolean speaks() {
    try (AmqpLine line =
        AmqpLine.open(new Socket("127.0.0.1", port), login()).get(5, TimeUnit.SECONDS)) {
      return !line.ended().isDone();
    } catch (Exception e) {
      return false;
    }
  }

  private Process process(Map<String, String> environment, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
    Process process = builder.start();
    processes.add(process);
    return process;
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

  static AmqpLogin login() {
    return AmqpLogin.plain(USER, password());
  }

  static Secret password() {
    return new Secret(PASSWORD.getBytes(StandardCharsets.US_ASCII));
  }

  AmqpLine line() throws Exception {
    return TestOffice.open(new Socket("127.0.0.1", port), login());
  }

  /** From now on the queues are others: what an earlier test left lies elsewhere. */
  static void fresh() {
    GENERATION.incrementAndGet();
  }

  static String up() {
    return "/queue/gw-" + GENERATION + ".up";
  }

  static String down() {
    return "/queue/gw-" + GENERATION + ".{meter}.down";
  }

  static String down(MeterId meter) {
    return down().replace("{meter}", meter.value());
  }

  /**
   * The section of an office's configuration.
   *
   * @param at the port to connect to: the broker's, or one before it
   */
  Map<String, Object> settings(int at, boolean tls) {
    return settings(at, tls, Optional.of(folder.resolve("root.pem")));
  }

  Map<String, Object> settings(int at, boolean tls, Optional<Path> trust) {
    Map<String, Object> broker = new HashMap<>();
    broker.put("host", tls ? "localhost" : "127.0.0.1");
    broker.put("port", at);
    broker.put("tls", tls);
    broker.put("user", USER);
    broker.put("password", "file:" + folder.resolve("password"));
    broker.put("up", up());
    broker.put("down", down());
    broker.put("again", "300ms");
    trust.filter(file -> tls).ifPresent(file -> broker.put("trust", file.toString()));
    return Map.of("broker", broker);
  }

  private void stop() {
    List<ProcessHandle> all = new ArrayList<>();
    for (Process process : processes) {
      all.addAll(process.descendants().toList());
      all.add(process.toHandle());
    }
    processes.clear();
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle one : all) {
      try {
        one.onExit().get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        one.destroyForcibly();
      }
    }
  }

  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
