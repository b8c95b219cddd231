package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.gridwarden.simulator.xmpp.XmppCarrier;

/** Debian's Prosody with the recipe of tools/prosody, on ports and in a folder of its own. */
final class TestProsody implements AutoCloseable {
  static final String DOMAIN = "meters.example";
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path RECIPE = Path.of("../../tools/prosody").toAbsolutePath().normalize();
  private static final String SECRET = "a secret of server and office";

  private final Path folder;
  private final int clients;
  private final int components;
  private final int descriptors;
  private Optional<Process> process = Optional.empty();

  private TestProsody(Path folder, int descriptors) throws IOException {
    this.folder = folder;
    this.descriptors = descriptors;
    this.clients = free();
    this.components = free();
  }

  /**
   * @param folder an empty one
   * @param descriptors how many it may have open
   */
  static TestProsody start(Path folder, int descriptors) throws Exception {
    TestProsody prosody = new TestProsody(folder, descriptors);
    Files.createDirectories(folder.resolve("modules"));
    Files.createDirectories(folder.resolve("data"));
    try (Stream<Path> modules = Files.list(RECIPE.resolve("modules"))) {
      for (Path module : modules.toList()) {
        Files.copy(
            module,
            folder.resolve("modules").resolve(module.getFileName()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.writeString(prosody.secretFile(), SECRET + "\n");
    prosody.certificate();
    try {
      prosody.launch();
    } catch (Exception | AssertionError e) {
      System.err.println(prosody.said());
      prosody.stop();
      throw e;
    }
    return prosody;
  }

  private static int free() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private void certificate() throws Exception {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + DOMAIN,
                "-addext",
                "subjectAltName=DNS:" + DOMAIN,
                "-keyout",
                folder.resolve("server.key").toString(),
                "-out",
                certificateFile().toString())
            .redirectErrorStream(true)
            .start();
    openssl.getInputStream().readAllBytes();
    assertThat(openssl.waitFor()).isZero();
  }

  void launch() throws Exception {
    List<String> command =
        List.of(
            "sh",
            "-c",
            "ulimit -n " + descriptors + "; exec \"$@\"",
            "sh",
            "prosody",
            "-F",
            "--config",
            RECIPE.resolve("prosody.cfg.lua").toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("GW_ROOT", "yes");
    builder.environment().put("GW_DOMAIN", DOMAIN);
    builder.environment().put("GW_FILES", folder.toString());
    builder.environment().put("GW_DATA", folder.resolve("data").toString());
    builder.environment().put("GW_PID", folder.resolve("prosody.pid").toString());
    builder.environment().put("GW_SECRET", SECRET);
    builder.environment().put("GW_BIND", "127.0.0.1");
    builder.environment().put("GW_C2S_PORT", Integer.toString(clients));
    builder.environment().put("GW_COMPONENT_PORT", Integer.toString(components));
    Process started =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    process = Optional.of(started);
    await()
        .atMost(PATIENCE)
        .until(() -> {
          assertThat(started.isAlive()).as(() -> said()).isTrue();
          return listens(clients) && listens(components);
        });
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Path log() {
    return folder.resolve("prosody.log");
  }

  /** What it wrote so far. */
  String said() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      return e.toString();
    }
  }

  int clients() {
    return clients;
  }

  int components() {
    return components;
  }

  Path secretFile() {
    return folder.resolve("secret");
  }

  Path certificateFile() {
    return folder.resolve("server.crt");
  }

  /** For simulated meters that log in here. */
  XmppCarrier carrier() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificateFile())) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return new XmppCarrier(
        new InetSocketAddress("127.0.0.1", clients),
        DOMAIN,
        (X509TrustManager) factory.getTrustManagers()[0]);
  }

  void stop() throws Exception {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(20, TimeUnit.SECONDS)) {
        process.get().destroyForcibly().waitFor();
      }
    }
  }

  @Override
  public void close() throws Exception {
    stop();
  }
}
