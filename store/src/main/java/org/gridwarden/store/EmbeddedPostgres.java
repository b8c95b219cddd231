package org.gridwarden.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Secret;
import org.gridwarden.store.analytics.AnalyticsLogin;
import org.gridwarden.store.analytics.AnalyticsView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own: made at first start, run as a child in a session of its own (so that
 * Ctrl-C reaches us and not it), found again where we were killed and it was not, started again on
 * the same port where it died and we did not.
 */
final class EmbeddedPostgres implements AutoCloseable {
  static final String DATABASE = "gridwarden";
  static final String USER = "gridwarden";

  /** Reads for analytics. */
  private static final String ANALYTICS = "gridwarden_analytics";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final long LOG_LIMIT = 16L << 20;

  private final PostgresFolder folder;
  private final Path binaries;
  private final Unprivileged unprivileged;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Postmaster postmaster;
  private volatile boolean closing;

  private EmbeddedPostgres(
      PostgresFolder folder, Path binaries, Unprivileged unprivileged, Postmaster postmaster) {
    this.folder = folder;
    this.binaries = binaries;
    this.unprivileged = unprivileged;
    this.postmaster = postmaster;
  }

  /**
   * Starts or adopts the database under a data folder.
   *
   * @param data the office's data folder, already ours by {@link DataFolder}
   * @param port 0 for any free one
   * @throws StoreException in one line
   */
  static EmbeddedPostgres start(Path data, int port) {
    try {
      Unprivileged unprivileged = Unprivileged.find();
      PostgresFolder folder = new PostgresFolder(data.resolve("postgresql"));
      Path cache = unprivileged.changesOwner() ? data.resolve("binaries") : userCache();
      Path binaries = PostgresBinaries.unpackInto(cache);
      folder.prepare();
      if (!folder.initialised()) {
        initialise(folder, binaries, unprivileged);
      }
      Postmaster running = Postmaster.find(folder.cluster()).orElse(null);
      if (running != null) {
        if ((port == 0 || port == running.port()) && answers(folder, running.port())) {
          log.info("adopted the PostgreSQL that still ran, process {}", running.pid());
          return new EmbeddedPostgres(folder, binaries, unprivileged, running);
        }
        running.stop(START);
      }
      Postmaster started = launch(folder, binaries, unprivileged, port);
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder, binaries, unprivileged, started);
      postgres.ensureDatabase();
      return postgres;
    } catch (IOException e) {
      throw StoreException.at(
          "embedded PostgreSQL under " + data, "cannot write or run there: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreException.at("embedded PostgreSQL", "interrupted while starting", e);
    }
  }

  String url() {
    return url(postmaster.port(), DATABASE);
  }

  String password() {
    return folder.applicationPassword();
  }

  long pid() {
    return postmaster.pid();
  }

  int port() {
    return postmaster.port();
  }

  /** From now on it is started again where it dies. */
  void supervise() {
    Thread.ofPlatform().name("postgresql-watch").daemon().start(this::watch);
  }

  private void watch() {
    Duration pause = SHORTEST_PAUSE;
    while (!closing) {
      ProcessHandle.of(pid()).ifPresent(process -> process.onExit().join());
      changing.lock();
      try {
        if (!closing) {
          log.error("PostgreSQL, process {}, died; it is started again", pid());
          postmaster = launch(folder, binaries, unprivileged, port());
          log.info("PostgreSQL runs again, process {}", pid());
          pause = SHORTEST_PAUSE;
        }
      } catch (IOException | StoreException e) {
        log.error("PostgreSQL did not start; tried again after {}: {}", pause, e.getMessage());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      } catch (InterruptedException e) {
        return; // nobody interrupts it but the JVM's end
      } finally {
        changing.unlock();
      }
      // also after a good start: one that dies at once must not spin
      if (!closing) {
        try {
          Thread.sleep(pause);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  /** A fast shutdown: open transactions are rolled back, everything committed is on disk. */
  @Override
  public void close() {
    closing = true;
    changing.lock();
    try {
      postmaster.stop(START);
    } catch (IOException e) {
      log.warn("PostgreSQL, process {}, could not be stopped: {}", pid(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      changing.unlock();
    }
  }

  private static void initialise(PostgresFolder folder, Path binaries, Unprivileged unprivileged)
      throws IOException, InterruptedException {
    folder.newPasswords(new SecureRandom());
    unprivileged.own(folder.root());
    Process initdb =
        new ProcessBuilder(
                unprivileged.command(
                    binaries.resolve("bin/initdb").toString(),
                    List.of(
                        "--pgdata=" + folder.fresh(),
                        "--username=" + PostgresFolder.ADMINISTRATOR,
                        "--pwfile=" + folder.administratorFile(),
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        "--data-checksums",
                        "--no-instructions")))
            .redirectErrorStream(true)
            .start();
    String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (initdb.waitFor() != 0) {
      throw StoreException.at(
          "initdb in " + folder.root(), "failed: " + said.strip().replace('\n', ' '));
    }
    folder.accept();
    unprivileged.own(folder.root());
  }

  private static Postmaster launch(
      PostgresFolder folder, Path binaries, Unprivileged unprivileged, int wanted)
      throws IOException, InterruptedException {
    Path output = folder.log();
    if (Files.exists(output) && Files.size(output) > LOG_LIMIT) {
      Files.move(
          output,
          output.resolveSibling("postgresql.log.1"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    StoreException last = null;
    Deadline others = Deadline.in(START);
    for (int attempt = 0; attempt < 3; attempt++) {
      int port = wanted == 0 ? freePort() : wanted;
      PostgresConfig.write(folder, port);
      unprivileged.own(folder.cluster());
      long from = Files.exists(output) ? Files.size(output) : 0;
      Process process =
          new ProcessBuilder(
                  Unprivileged.ownSession(
                      unprivileged.command(
                          binaries.resolve("bin/postgres").toString(),
                          List.of("-D", folder.cluster().toString()))))
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
              .start();
      Deadline deadline = Deadline.in(START);
      while (process.isAlive() && !deadline.left().isNegative()) {
        Postmaster found = Postmaster.find(folder.cluster()).orElse(null);
        if (found != null && found.ready()) {
          return found;
        }
        process.waitFor(10, TimeUnit.MILLISECONDS);
      }
      process.destroy();
      String said = said(folder, from);
      if (said.contains("shared memory block") && !others.left().isNegative()) {
        // its predecessor was killed, and a child of that has not noticed yet
        Thread.sleep(SHORTEST_PAUSE);
        attempt--;
      }
      last = failure(folder, port, said);
    }
    throw last == null ? StoreException.at("embedded PostgreSQL", "did not start") : last;
  }

  private static String said(PostgresFolder folder, long from) throws IOException {
    byte[] all = Files.readAllBytes(folder.log());
    int start = (int) Math.min(from, all.length);
    return new String(all, start, all.length - start, StandardCharsets.UTF_8);
  }

  private static StoreException failure(PostgresFolder folder, int port, String said) {
    if (said.contains("could not bind")) {
      return StoreException.at(
          "127.0.0.1 port " + port,
          "another program listens there; set database.port to a free one, or 0 for any");
    }
    String why =
        said.lines()
            .filter(l -> l.contains("FATAL") || l.contains("could not") || l.contains("error"))
            .findFirst()
            .orElse("no reason given");
    return StoreException.at("embedded PostgreSQL", why + "; its log is " + folder.log());
  }

  private void ensureDatabase() {
    try (Connection c = administrator(folder, postmaster.port());
        var s = c.createStatement()) {
      try (var r = s.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + USER + "'")) {
        if (!r.next()) {
          // the password is hex of our own making: nothing in it to quote
          s.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + password() + "'");
        }
      }
      try (var r = s.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        if (!r.next()) {
          s.execute("CREATE DATABASE " + DATABASE + " OWNER " + USER);
        }
      }
    } catch (SQLException e) {
      throw StoreException.of("making it", e);
    }
  }

  /** A login that reads the views of analytics alone; its password is a new one each time. */
  AnalyticsLogin analyticsLogin() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    String password = HexFormat.of().formatHex(secret);
    try (Connection c = administrator(folder, postmaster.port(), DATABASE);
        var s = c.createStatement()) {
      try (var r = s.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + ANALYTICS + "'")) {
        if (!r.next()) {
          s.execute("CREATE ROLE " + ANALYTICS + " LOGIN CONNECTION LIMIT 4");
        }
      }
      // hexadecimal digits of our own making: nothing in them to quote
      s.execute("ALTER ROLE " + ANALYTICS + " PASSWORD '" + password + "'");
      s.execute("GRANT SELECT ON " + AnalyticsView.VIEWS + " TO " + ANALYTICS);
    } catch (SQLException e) {
      throw StoreException.of("making the login of analytics", e);
    }
    return new AnalyticsLogin(ANALYTICS, new Secret(password.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Whether the office's sessions may have torn pages read as empty ones. */
  void mayPassTornPages(boolean may) {
    try (Connection c = administrator(folder, postmaster.port());
        var s = c.createStatement()) {
      s.execute(
          may
              ? "GRANT SET ON PARAMETER zero_damaged_pages TO " + USER
              : "REVOKE SET ON PARAMETER zero_damaged_pages FROM " + USER);
    } catch (SQLException e) {
      throw StoreException.of("granting a right to mend", e);
    }
  }

  private static boolean answers(PostgresFolder folder, int port) {
    Properties login = new Properties();
    login.setProperty("user", USER);
    login.setProperty("password", folder.applicationPassword());
    login.setProperty("connectTimeout", "5");
    login.setProperty("socketTimeout", "20");
    try (Connection c = DriverManager.getConnection(url(port, DATABASE), login)) {
      return c.isValid(10);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The superuser's session: at first start, and to copy the database. */
  static Connection administrator(PostgresFolder folder, int port) throws SQLException {
    return administrator(folder, port, "postgres");
  }

  static Connection administrator(PostgresFolder folder, int port, String database)
      throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", PostgresFolder.ADMINISTRATOR);
    login.setProperty("password", folder.administratorPassword());
    login.setProperty("ApplicationName", "gridwarden administrator");
    return DriverManager.getConnection(url(port, database), login);
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static Path userCache() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("gridwarden");
  }
}
