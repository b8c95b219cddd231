package org.gridwarden.simulator.xmpp;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Debian's Prosody with the recipe of {@code tools/prosody}, as a process of ours: on ports and in
 * a folder of its own, with a certificate made for it. It lives where its starter does (network
 * namespace, too) and no longer: when the starter ends in whatever way, it ends.
 */
public final class Prosody implements AutoCloseable {
  /** Where its meters have their accounts. */
  public static final String DOMAIN = "meters.example";

  private static final String PROGRAM = "prosody";
  private static final String RECIPE = "tools/prosody";
  private static final Duration STARTS = Duration.ofSeconds(60);
  private static final Duration PARTING = Duration.ofSeconds(20);
  private static final int SECRET_BYTES = 32;
  private static final int TRY_MILLIS = 50;

  /** Ends the server once its own standard input does, and itself once the server has ended. */
  private static final String KEEPER =
      "exec 3<&0; \"$@\" </dev/null 3<&- & server=$!;"
          + " (read _ <&3; kill $server) >/dev/null 2>&1 & reader=$!;"
          + " wait $server; kill $reader 2>/dev/null";

  private final Path folder;
  private final String bind;
  private final int clients;
  private final int components;
  private final Process keeper;

  private Prosody(Path folder, String bind, int clients, int components, Process keeper) {
    this.folder = folder;
    this.bind = bind;
    this.clients = clients;
    this.components = components;
    this.keeper = keeper;
  }

  /** Why it cannot be started on this machine, with the remedy; empty where it can. */
  public static Optional<String> missing() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    boolean there =
        Stream.of(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
    return there
        ? Optional.empty()
        : Optional.of("Prosody is not installed (Debian: apt install prosody)");
  }

  /** The certificate of one that was started in a folder. */
  public static Path certificate(Path folder) {
    return folder.resolve("server.crt");
  }

  /**
   * Starts one, and waits until it listens.
   *
   * @param folder its own; made where it is not there
   * @param bind the address that meters log in at
   * @param port where they do; 0 for any free one
   * @throws IOException where it is not installed, has no recipe, or does not listen in time
   */
  public static Prosody start(Path folder, String bind, int port)
      throws IOException, InterruptedException {
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      throw new IOException(missing.get());
    }
    Path recipe = recipe();
    Path own = folder.toAbsolutePath();
    Files.createDirectories(own.resolve("data"));
    Files.createDirectories(own.resolve("modules"));
    try (Stream<Path> modules = Files.list(recipe.resolve("modules"))) {
      for (Path module : modules.toList()) {
        Files.copy(
            module,
            own.resolve("modules").resolve(module.getFileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    String secret = secret(own);
    makeCertificate(own);
    int clients = port == 0 ? free(bind) : port;
    int components = free("127.0.0.1");
    ProcessBuilder builder =
        new ProcessBuilder(
            "setsid", // so that Ctrl-C reaches the starter alone, which ends it last
            "sh",
            "-c",
            KEEPER,
            "sh",
            PROGRAM,
            "-F",
            "--config",
            recipe.resolve("prosody.cfg.lua").toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "GW_ROOT", "yes", // the starter may be root, and this serves its meters alone
                "GW_DOMAIN", DOMAIN,
                "GW_FILES", own.toString(),
                "GW_DATA", own.resolve("data").toString(),
                "GW_PID", own.resolve("prosody.pid").toString(),
                "GW_SECRET", secret,
                "GW_BIND", bind,
                "GW_C2S_PORT", Integer.toString(clients),
                "GW_COMPONENT_PORT", Integer.toString(components)));
    Prosody prosody =
        new Prosody(
            own,
            bind,
            clients,
            components,
            builder
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(own.resolve("prosody.log").toFile()))
                .start());
    try {
      prosody.await();
      return prosody;
    } catch (IOException | InterruptedException e) {
      prosody.close();
      throw e;
    }
  }

  private static Path recipe() throws IOException {
    Path from = Path.of(System.getProperty("gridwarden.home", "")).toAbsolutePath();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isReadable(folder.resolve(RECIPE).resolve("prosody.cfg.lua"))) {
        return folder.resolve(RECIPE);
      }
    }
    throw new IOException(
        "Prosody's recipe "
            + RECIPE
            + " is not below "
            + from
            + "; start ./gridwarden from a complete copy of the project");
  }

  private static String secret(Path folder) throws IOException {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    Path file = folder.resolve("secret");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret + "\n", StandardCharsets.US_ASCII);
    return secret;
  }

  /** Made by the program that Debian's package of Prosody brings along. */
  private static void makeCertificate(Path folder) throws IOException, InterruptedException {
    Process openssl =
        new ProcessBuilder(
                List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days",
                    "30",
                    "-subj",
                    "/CN=" + DOMAIN,
                    "-addext",
                    "subjectAltName=DNS:" + DOMAIN,
                    "-keyout",
                    folder.resolve("server.key").toString(),
                    "-out",
                    certificate(folder).toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (openssl.waitFor() != 0) {
      throw new IOException("openssl makes no certificate for Prosody: " + said.strip());
    }
  }

  private static int free(String bind) throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getByName(bind))) {
      return any.getLocalPort();
    }
  }

  private void await() throws IOException, InterruptedException {
    long until = System.nanoTime() + STARTS.toNanos();
    while (!listens(bind, clients) || !listens("127.0.0.1", components)) {
      if (!keeper.isAlive() || System.nanoTime() > until) {
        throw new IOException("Prosody does not start; it says: " + lastWords());
      }
      Thread.sleep(TRY_MILLIS);
    }
  }

  private static boolean listens(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String lastWords() throws IOException {
    return Files.readAllLines(folder.resolve("prosody.log"), StandardCharsets.UTF_8).stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
        .reduce((_, last) -> last)
        .orElse("nothing of an error; " + folder.resolve("prosody.log") + " has all");
  }

  /** The port at which meters log in. */
  public int clients() {
    return clients;
  }

  /** The certificate that it shows to meters. */
  public Path certificate() {
    return certificate(folder);
  }

  /** The office's {@code channels.xmpp}, with which it joins this server. */
  public Map<String, Object> section() {
    return Map.of(
        "component",
        Map.of(
            "host",
            "127.0.0.1",
            "port",
            components,
            "name",
            "office." + DOMAIN,
            "secretFile",
            folder.resolve("secret").toString()));
  }

  /** Whether it runs. */
  boolean isAlive() {
    return keeper.isAlive();
  }

  /** Ends it, and waits until it has. Idempotent. */
  @Override
  public void close() {
    try {
      keeper.getOutputStream().close();
    } catch (IOException e) {
      // it has ended before
    }
    try {
      if (!keeper.waitFor(PARTING.toMillis(), TimeUnit.MILLISECONDS)) {
        List<ProcessHandle> server = keeper.descendants().toList();
        keeper.destroyForcibly();
        server.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      keeper.descendants().forEach(ProcessHandle::destroyForcibly);
      keeper.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
