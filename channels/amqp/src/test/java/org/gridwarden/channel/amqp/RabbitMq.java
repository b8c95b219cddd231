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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;

/**
 * Debian's RabbitMQ with its plugin for AMQP 1.0, as processes of the test: folders, ports and a
 * name server of its own, stopped by their ids.
 */
final class RabbitMq implements AutoCloseable {
  static final String USER = "gridwarden";
  private static final AtomicInteger GENERATION = new AtomicInteger();

  private static final Duration BOOT = Duration.ofMinutes(4);
  private static final String PASSWORD = "a-password-of-the-test";

  final Path folder;
  final int port;
  final int tlsPort;
  private final Map<String, String> environment = new HashMap<>();
  private final Process names;
  private Process node;

  /** Starts one, and waits until it speaks. */
  RabbitMq() throws IOException {
    folder = Files.createTempDirectory("gridwarden-rabbitmq");
    port = free();
    tlsPort = free();
    int epmd = free();
    TestAuthority authority = TestAuthority.shared();
    authority.write(folder, authority.server());
    Files.writeString(folder.resolve("enabled_plugins"), "[rabbitmq_amqp1_0].\n");
    Files.writeString(folder.resolve("password"), PASSWORD + "\n");
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
    environment.put("HOME", folder.toString());
    environment.put("ERL_EPMD_PORT", Integer.toString(epmd));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_NODENAME", "gw" + port + "@localhost");
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(free()));
    environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("no-environment").toString());
    environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
    environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("none.config").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
    environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    names = process("epmd", "-port", Integer.toString(epmd), "-address", "127.0.0.1");
    node = start();
  }

  private Process start() throws IOException {
    Process started = process("/usr/lib/rabbitmq/bin/rabbitmq-server");
    await()
        .atMost(BOOT)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          assertThat(started.isAlive()).as("RabbitMQ, see " + folder.resolve("said")).isTrue();
          return speaks();
        });
    return started;
  }

  private boolean speaks() {
    try (AmqpLine line =
        AmqpLine.open(new Socket("127.0.0.1", port), login()).get(5, TimeUnit.SECONDS)) {
      return !line.ended().isDone();
    } catch (Exception e) {
      return false;
    }
  }

  private Process process(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
    return builder.start();
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
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

  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(node.descendants().toList());
    all.add(node.toHandle());
    all.forEach(ProcessHandle::destroy);
    for (ProcessHandle one : all) {
      try {
        one.onExit().get(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        one.destroyForcibly();
      }
    }
    names.destroy();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
