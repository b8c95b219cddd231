package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The operator's console and folders over OpenSSH's own client, at a real server. */
class SshConsoleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String ADMIN = "seven herons by the canal";

  @TempDir static Path folder;

  private static RunningServer server;
  private static ServerFile file;
  private static final Map<String, Path> KEYS = new java.util.concurrent.ConcurrentHashMap<>();

  private record Said(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0}
                    channels: {}
                    collection: {enabled: false}
                    ssh: {enabled: true, port: 0}
                    logging: {level: warn}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")),
            new ConsoleDesk());
    file = ServerFile.read(server.data().resolve(ServerFile.NAME));
    OfficeClient.login(
            file.url(),
            file.fingerprint(),
            "admin",
            server.adminPassword().orElseThrow(),
            Optional.of(ADMIN))
        .close();
    Files.writeString(
        folder.resolve("known_hosts"),
        "[127.0.0.1]:"
            + server.sshPort()
            + " "
            + Files.readString(server.data().resolve("keys/ssh-host-key.pub")));
    person("olga", "operator");
    person("vera", "viewer");
    person("audrey", "auditor");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static OfficeClient admin() {
    return OfficeClient.login(file.url(), file.fingerprint(), "admin", ADMIN, Optional.empty());
  }

  private static String own(String name) {
    return ADMIN + " " + Integer.toString(name.hashCode(), 36);
  }

  /** A user with a changed password, and a key that the administrator registers. */
  private static void person(String name, String role) throws Exception {
    try (OfficeClient admin = admin()) {
      String first =
          admin
              .post("/users", Map.of("name", name, "roles", List.of(role)))
              .path("password")
              .asString();
      OfficeClient.login(file.url(), file.fingerprint(), name, first, Optional.of(own(name)))
          .close();
    }
    Path key = folder.resolve(name);
    Said made =
        run("", "ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-C", name, "-f", key.toString());
    assertThat(made.code()).as(made.err()).isZero();
    Path password = Files.writeString(folder.resolve("admin.password"), ADMIN);
    int code =
        Gridwarden.commandLine()
            .execute(
                "ssh",
                "add",
                name,
                key + ".pub",
                "--data=" + server.data(),
                "--user=admin",
                "--password=file:" + password);
    assertThat(code).isZero();
    KEYS.put(name, key);
  }

  private static List<String> client(String program, String port, String name) {
    return new ArrayList<>(
        List.of(
            program,
            port,
            Integer.toString(server.sshPort()),
            "-F",
            "none",
            "-i",
            String.valueOf(KEYS.get(name)),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "UserKnownHostsFile=" + folder.resolve("known_hosts"),
            "-o",
            "StrictHostKeyChecking=yes"));
  }

  private static Said ssh(String name, String line) throws Exception {
    List<String> command = client("ssh", "-p", name);
    command.addAll(List.of(name + "@127.0.0.1", line));
    return run("", command.toArray(String[]::new));
  }

  private static Said sftp(String name, String lines) throws Exception {
    List<String> command = client("sftp", "-P", name);
    command.addAll(List.of("-b", "-", name + "@127.0.0.1"));
    return run(lines, command.toArray(String[]::new));
  }

  private static Said run(String input, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "said", ".out");
    Path err = Files.createTempFile(folder, "said", ".err");
    Path in = Files.writeString(Files.createTempFile(folder, "said", ".in"), input);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(command) + " did not end: " + Files.readString(err));
    }
    return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static List<JsonNode> audit() {
    List<JsonNode> entries = new ArrayList<>();
    try (OfficeClient audrey =
        OfficeClient.login(
            file.url(), file.fingerprint(), "audrey", own("audrey"), Optional.empty())) {
      audrey.get("/audit?size=200").path("items").forEach(entries::add);
    }
    return entries;
  }

  @Test
  @DisplayName("C28 over SSH as over the API: the roles say who may what, and the log says who did")
  void rolesCount() throws Exception {
    assertThat(ssh("olga", "meters list").out()).contains("id");
    assertThat(ssh("vera", "alarms --json").out()).contains("\"items\"");
    Said viewer = ssh("vera", "meters quarantine GW-1 --reason 'a try'");
    assertThat(viewer.code()).isEqualTo(1);
    assertThat(viewer.err()).contains("refused (403)").doesNotContain("\tat ");
    Said operator = ssh("olga", "meters quarantine GW-1 --reason 'a try'");
    assertThat(operator.err()).contains("refused (404)");
    assertThat(ssh("olga", "audit list").err()).contains("refused (403)");
    assertThat(ssh("audrey", "audit list --size 5").code()).isZero();
    assertThat(ssh("audrey", "gridwarden audit verify").out()).contains("the log holds: ");
    assertThat(audit())
        .anyMatch(entry ->
            entry.path("action").asString().equals("ssh.line")
                && entry.path("who").asString().contains("vera")
                && entry.path("detail").asString().contains("meters quarantine GW-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls /",
        "sh",
        "/bin/sh -c id",
        "meters list; id",
        "meters list $(id)",
        "meters list @/etc/passwd",
        "@/etc/passwd",
        "meters import /etc/passwd",
        "meters list --data /tmp",
        "meters list --url http://127.0.0.1:1 --token-file /etc/passwd",
        "meters list --user admin --password file:/etc/passwd",
        "audit export /tmp/log",
        "audit verify /etc/passwd --key /etc/passwd",
        "command disconnect GW-1 --reason x --key /etc/passwd",
        "command policy propose --file /etc/passwd",
        "dlms read",
        "server",
        "demo",
        "simulate",
        "data check",
        "ssh add olga /etc/passwd",
        "completion",
        "bench",
        "scp -f /etc/passwd",
        "sftp-server",
      })
  @DisplayName("C37 no shell, no file, no other word: each line is refused and explained in one")
  void nothingElse(String line) throws Exception {
    Said said = ssh("olga", line);
    assertThat(said.code()).as(said.out() + said.err()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err()).contains("gridwarden: ").doesNotContain("root:", "uid=", "\tat ");
    assertThat(Path.of("/tmp/log")).doesNotExist();
  }

  @Test
  @DisplayName("help names the words and nothing that would touch a file")
  void help() throws Exception {
    String help = ssh("olga", "help").out();
    assertThat(help).contains("meters", "alarms", "export").doesNotContain("demo", "simulate");
    assertThat(ssh("olga", "meters list --help").out()).doesNotContain("--data", "--token-file");
  }

  @Test
  @DisplayName("a shipment over SFTP becomes meters for an operator, and a refusal for a viewer")
  void shipments() throws Exception {
    Path shipment =
        Files.writeString(
            folder.resolve("shipment.csv"),
            "serial,profile,zone,push_policy\nSFTP-1,generic,Europe/Zurich,plain\n");
    for (String name : List.of("vera", "olga")) {
      Said put = sftp(name, "put " + shipment + " in/s.csv\n");
      assertThat(put.code()).as(put.err()).isZero();
      Path result = server.data().resolve("exchange/" + name + "/in/s.csv.result");
      await().atMost(PATIENCE).until(() -> Files.exists(result));
      if (name.equals("vera")) {
        assertThat(Files.readString(result)).contains("refused (403)").endsWith("not taken in\n");
        assertThat(ssh("olga", "meters list").out()).doesNotContain("SFTP-1");
      } else {
        assertThat(Files.readString(result)).contains("1").endsWith("\ntaken in\n");
      }
    }
    assertThat(ssh("olga", "meters list").out()).contains("SFTP-1");
    Path readings =
        Files.writeString(
            folder.resolve("readings-1.csv"),
            "meter,start,kwh\nSFTP-1,2026-03-01T00:00:00Z,1\nSFTP-1,2026-03-01T01:00:00Z,2\n");
    assertThat(sftp("olga", "put " + readings + " in/readings-1.csv\n").code()).isZero();
    Path taken = server.data().resolve("exchange/olga/in/readings-1.csv.result");
    await().atMost(PATIENCE).until(() -> Files.exists(taken));
    assertThat(Files.readString(taken))
        .contains("2 intervals of 1 meters", "stored, import")
        .endsWith("\ntaken in\n");
    assertThat(ssh("olga", "export SFTP-1").out()).contains("out/SFTP-1.csv is there");
    Path fetched = folder.resolve("fetched.csv");
    assertThat(sftp("olga", "get out/SFTP-1.csv " + fetched + "\n").code()).isZero();
    assertThat(Files.readString(fetched)).startsWith("meter,channel,start");
    assertThat(sftp("vera", "ls out\n").out()).doesNotContain("SFTP-1");
  }

  @Test
  @DisplayName("C31 a user whose first password stands, or who is removed, does not come in")
  void notYetAndNoMore() throws Exception {
    person("rob", "viewer");
    assertThat(ssh("rob", "alarms").code()).isZero();
    try (OfficeClient admin = admin()) {
      admin.post("/users/rob/password", Map.of());
      assertThat(ssh("rob", "alarms").err()).contains("Permission denied (publickey)");
      admin.delete("/users/rob");
      admin.post("/users", Map.of("name", "rob", "roles", List.of("operator")));
      assertThat(admin.get("/users/rob/ssh-keys").path("items")).as("keys go along").isEmpty();
    }
    assertThat(ssh("rob", "alarms").err()).contains("Permission denied (publickey)");
  }
}
