package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real server, started by the real launcher, and the JDK's own tools at its door. */
class ManagementDoorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  /** The launcher in a folder of its own, with this test's class path for a built distribution. */
  private CommandProcess launch(Map<String, String> environment) throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Path dist = Files.createDirectories(home.resolve("target/dist"));
    Files.copy(
        CommandProcess.root().resolve("gridwarden"),
        home.resolve("gridwarden"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    // there are no sources here: cksum of nothing
    Files.writeString(dist.resolve("stamp"), "4294967295 0\n4294967295 0\n");
    Files.writeString(
        dist.resolve("classpath"),
        "none:"
            + System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path")));
    Files.writeString(
        folder.resolve("gridwarden.yaml"),
        """
        data: %s
        console: {bind: 127.0.0.1, port: 0, plaintext: true}
        channels:
          dlms:
            plaintext: allowed
            tcp: {bind: 127.0.0.1, port: 0}
        logging: {level: warn}
        """
            .formatted(data()));
    List<String> command = new java.util.ArrayList<>(List.of("env"));
    command.add("GRIDWARDEN_JAVA_HOME=" + System.getProperty("java.home"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(
        List.of(
            home.resolve("gridwarden").toString(),
            "server",
            "--config",
            folder.resolve("gridwarden.yaml").toString()));
    return CommandProcess.run(folder, "server", command);
  }

  private Path data() {
    return folder.resolve("data");
  }

  private ServerFile started(CommandProcess server) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          if (!server.handle().isAlive()) {
            throw new AssertionError(server.err());
          }
          return Files.exists(data().resolve(ServerFile.NAME));
        });
    return ServerFile.read(data().resolve(ServerFile.NAME));
  }

  @Test
  @DisplayName("C37 a server has no JMX, no debugger, no attach, no actuator, and makes no dump")
  void everyManagementDoorIsShut() throws Exception {
    CommandProcess server = launch(Map.of());
    try (server) {
      ServerFile file = started(server);
      long pid = file.pid();
      assertThat(jdk("jcmd", Long.toString(pid), "GC.heap_dump", folder.resolve("heap").toString()))
          .isNotZero();
      assertThat(jdk("jcmd", Long.toString(pid), "ManagementAgent.start", "jmxremote.port=0"))
          .isNotZero();
      assertThat(jdk("jstack", Long.toString(pid))).isNotZero();
      assertThat(jdk("jmap", "-dump:file=" + folder.resolve("heap2"), Long.toString(pid)))
          .isNotZero();
      assertThat(Files.exists(Path.of("/tmp/.java_pid" + pid))).as("attach socket").isFalse();
      try (Stream<Path> figures = Files.walk(Path.of("/tmp"), 2)) {
        assertThat(figures.map(Path::toString))
            .as("figures that other processes map")
            .noneMatch(f -> f.contains("hsperfdata_") && f.endsWith("/" + pid));
      } catch (java.io.UncheckedIOException e) {
        // a folder of somebody else's that went away
      }
      assertThat(Files.readString(Path.of("/proc/" + pid + "/limits")))
          .containsPattern("Max core file size +0 +0");
      assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline")))
          .doesNotContain("jmxremote", "jdwp");
      // the console's and the meters' ports; PostgreSQL is another process
      assertThat(listening(pid)).hasSize(2);
      for (String path : List.of("actuator", "actuator/heapdump", "jolokia", "jmx", "manage")) {
        assertThat(status(file.url(), path)).as(path).isIn(401, 404);
      }
      try (Stream<Path> dumps = Files.walk(folder)) {
        assertThat(dumps.map(f -> f.getFileName().toString()))
            .noneMatch(name -> name.startsWith("heap") || name.endsWith(".hprof"));
      }
      server.stop(Duration.ofSeconds(20));
    } finally {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
        "-Dcom.sun.management.jmxremote.port=0 -Dcom.sun.management.jmxremote.authenticate=false"
            + " -Dcom.sun.management.jmxremote.ssl=false",
        "-Dcom.sun.management.jmxremote",
        "-XX:+HeapDumpOnOutOfMemoryError",
        "-XX:-DisableAttachMechanism",
      })
  @DisplayName("C37 a server does not start with a management door open, whoever asks for it")
  void anOpenDoorIsRefused(String option) throws Exception {
    for (String variable : List.of("GRIDWARDEN_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
      try (CommandProcess server = launch(Map.of(variable, option))) {
        assertThat(server.exit(PATIENCE)).as(server.err()).isEqualTo(2);
        assertThat(server.err()).contains("past its own doors").contains(option.split("[=,]")[0]);
        assertThat(data().resolve("keys")).doesNotExist();
      }
    }
  }

  @Test
  @DisplayName("C37 Linux writes no core file of a server and shows its memory to nobody")
  void memoryIsClosed() throws Exception {
    try (CommandProcess probe =
        CommandProcess.start(folder, "probe", List.of(), Map.of(), MemoryProbe.class.getName())) {
      assertThat(probe.exit(PATIENCE)).as(probe.err()).isZero();
      assertThat(probe.out()).isEqualTo("closed\n");
    }
  }

  private static int jdk(String tool, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end");
    }
    return process.exitValue();
  }

  private static int status(String url, String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url).resolve("/" + path).toURL().openConnection();
    connection.setRequestProperty("Accept", "application/json");
    return connection.getResponseCode();
  }

  /** The TCP ports that a process listens on, by /proc. */
  private static TreeSet<Integer> listening(long pid) throws IOException {
    TreeSet<String> sockets = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files.toList()) {
        try {
          String target = Files.readSymbolicLink(file).toString();
          if (target.startsWith("socket:[")) {
            sockets.add(target.substring(8, target.length() - 1));
          }
        } catch (IOException e) {
          // closed meanwhile
        }
      }
    }
    TreeSet<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] columns = line.strip().split("\\s+");
        if (columns.length > 9 && columns[3].equals("0A") && sockets.contains(columns[9])) {
          ports.add(Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }
}
