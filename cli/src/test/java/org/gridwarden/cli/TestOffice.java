package org.gridwarden.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/** The server in a process of its own, on a data folder that outlives it. */
final class TestOffice implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(5);

  private final Path folder;
  private final Path config;
  private final int dlmsPort;
  private Optional<CommandProcess> process = Optional.empty();

  TestOffice(Path folder) throws IOException {
    this(folder, "");
  }

  /**
   * @param channels further lines of the section {@code channels}, each with a line's end
   */
  TestOffice(Path folder, String channels) throws IOException {
    this.folder = folder;
    this.config = folder.resolve("gridwarden.yaml");
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.dlmsPort = probe.getLocalPort();
    }
    Files.writeString(
        config,
        """
        data: %s
        console: {bind: 127.0.0.1, port: 0, plaintext: true}
        channels:
          dlms:
            plaintext: allowed
            tcp: {bind: 127.0.0.1, port: %d}
        %slogging: {level: warn}
        """
            .formatted(data(), dlmsPort, channels));
  }

  Path data() {
    return folder.resolve("data");
  }

  InetSocketAddress headEnd() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), dlmsPort);
  }

  /** Starts and waits until it answers. */
  void start() throws IOException {
    Files.deleteIfExists(data().resolve(ServerFile.NAME));
    CommandProcess fresh =
        CommandProcess.start(folder, "server", "server", "--config", config.toString());
    process = Optional.of(fresh);
    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          if (!fresh.handle().isAlive()) {
            throw new AssertionError("the server ended: " + fresh.err());
          }
          return Files.exists(data().resolve(ServerFile.NAME));
        });
  }

  /** kill -9. */
  void kill() {
    process.orElseThrow().kill();
  }

  void stop() throws InterruptedException {
    process.orElseThrow().stop(Duration.ofSeconds(10));
  }

  /** kill -9 of its PostgreSQL. */
  void killDatabase() throws IOException {
    ProcessHandle.of(databasePid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  private long databasePid() throws IOException {
    try (Stream<Path> files = Files.walk(data())) {
      Path pid =
          files
              .filter(f -> f.getFileName().toString().equals("postmaster.pid"))
              .findFirst()
              .orElseThrow();
      try (Stream<String> lines = Files.lines(pid)) {
        return Long.parseLong(lines.findFirst().orElseThrow().strip());
      }
    }
  }

  OfficeClient client() {
    ServerFile server = ServerFile.read(data().resolve(ServerFile.NAME));
    return OfficeClient.of(
        server.url(), server.fingerprint(), data().resolve(ServerFile.TOKEN_NAME));
  }

  /**
   * Adds a user who has changed the first password.
   *
   * @return the file that holds the password
   */
  Path person(String name, String role) throws IOException {
    ServerFile server = ServerFile.read(data().resolve(ServerFile.NAME));
    Path administrator = folder.resolve("admin.password");
    Path first = data().resolve("first-admin-password");
    if (Files.exists(first)) {
      change(server, "admin", Files.readString(first).strip(), administrator);
    }
    String password = Files.readString(administrator);
    try (OfficeClient admin =
        OfficeClient.login(
            server.url(), server.fingerprint(), "admin", password, Optional.empty())) {
      String given =
          admin
              .post("/users", Map.of("name", name, "roles", List.of(role)))
              .path("password")
              .asString();
      Path file = folder.resolve(name + ".password");
      change(server, name, given, file);
      return file;
    }
  }

  private static void change(ServerFile server, String user, String given, Path file)
      throws IOException {
    String fresh = "seven herons by the canal " + user.length();
    OfficeClient.login(server.url(), server.fingerprint(), user, given, Optional.of(fresh)).close();
    Files.writeString(file, fresh);
  }

  /** The office's public key, in a file. */
  Path publicKey() throws IOException {
    try (OfficeClient client = client()) {
      Path file = folder.resolve("office.pem");
      Files.writeString(file, client.text("/office-key", "text/plain"));
      return file;
    }
  }

  /** Takes a shipment in; how many meters that were. */
  int importShipment(Path file) throws IOException {
    try (OfficeClient client = client()) {
      return client
          .post("/meters/import?dryRun=false", "text/csv", Files.readAllBytes(file))
          .path("accepted")
          .asInt();
    }
  }

  /** The database's process, too, where it is left behind. */
  @Override
  public void close() throws IOException {
    process.ifPresent(CommandProcess::close);
    if (Files.exists(data())) {
      try {
        killDatabase();
      } catch (NoSuchElementException e) {
        // it was stopped in good order
      }
    }
  }
}
