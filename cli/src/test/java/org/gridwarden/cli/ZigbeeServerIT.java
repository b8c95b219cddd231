package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Zigbee by the whole of it: server and PostgreSQL, a dongle's serial port, people who type. */
class ZigbeeServerIT {
  private static final int METERS = 5;
  private static final String FIRST = "GW-0000001";
  private static final String LAST = "GW-0000005";
  private static final String REGISTER = "1.0.1.8.0.255";
  private static final String INTERVALS = "1.0.1.29.0.255";
  private static final String STRIP = "PS-0000001";
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern KEY_ID = Pattern.compile("key ([0-9a-f]{16})");

  @TempDir private Path folder;

  private static String run(int code, String... arguments) {
    StringWriter out = new StringWriter();
    int was =
        Gridwarden.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(arguments);
    assertThat(was).as(out.toString()).isEqualTo(code);
    return out.toString();
  }

  /** A command by a person. */
  private String by(String person, String... arguments) {
    List<String> all = new ArrayList<>(List.of("command"));
    all.addAll(List.of(arguments));
    all.add("--data=" + data());
    all.add("--user=" + person);
    all.add("--password=file:" + folder.resolve(person + ".password"));
    return run(0, all.toArray(String[]::new));
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path coordinator() {
    return folder.resolve("zigbee-1");
  }

  /** Olivia's key, which the office and the meters take. */
  private void key(String... secret) {
    run(0, "command", "key", "new", folder + "/olivia.p12", "--alias=olivia", secret[1]);
    Matcher asked = KEY_ID.matcher(by("olivia", "key", "request", secret[0], secret[1]));
    assertThat(asked.find()).isTrue();
    by("sam", "key", "approve", asked.group(1));
    run(0, "command", "key", "export", folder + "/operators", secret[0], secret[1]);
  }

  private JsonNode shown(String meter) {
    return JsonMapper.shared()
        .readTree(run(0, "meters", "show", meter, "--json", "--data=" + data()));
  }

  /** When a meter's last value of a channel is from; the epoch where there is none. */
  private Instant last(String meter, String obis) {
    for (JsonNode channel : shown(meter).path("channels")) {
      if (channel.path("obis").asString().equals(obis)) {
        return Instant.parse(channel.path("last").asString());
      }
    }
    return Instant.EPOCH;
  }

  private void allTellAfter(Instant then) {
    for (int i = 1; i <= METERS; i++) {
      String meter = "GW-000000" + i;
      await(meter)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> last(meter, REGISTER).isAfter(then));
    }
  }

  /** Waits until all outlets of the strip have told how they are switched. */
  private void outletsAre(boolean on) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() ->
            assertThat(
                    JsonMapper.shared()
                        .readTree(run(0, "meters", "outlets", STRIP, "--json", "--data=" + data()))
                        .path("items"))
                .hasSize(4)
                .allMatch(o -> o.path("on").isBoolean() && o.path("on").asBoolean() == on));
  }

  private String devices() {
    return run(0, "zigbee", "devices", "--folder=" + coordinator());
  }

  private CommandProcess simulate(TestOffice office) throws IOException {
    return CommandProcess.start(
        folder,
        "simulate",
        "simulate",
        "--zigbee=" + METERS,
        "--strips=1",
        "--pty=" + folder.resolve("dongle"),
        "--labels=" + folder.resolve("labels.csv"),
        "--seed=7",
        "--every=5s",
        "--operators=" + folder.resolve("operators"),
        "--office-key=" + office.publicKey(),
        "--shipment=" + folder.resolve("shipment.csv"),
        "--hand");
  }

  @Test
  @DisplayName(
      "S2 S16 S24 S26, C9, C19: meters and a power strip join by install code at the server's serial port, are stored,"
          + " switched by a signed command, opened; after kill -9 nobody joins anew")
  void fromTheSerialPortToTheDatabase() throws Exception {
    Files.createDirectories(folder.resolve("operators"));
    try (TestOffice office =
        new TestOffice(
            folder,
            "  zigbee: {report: 5s, coordinators: [{port: %s, folder: %s}]}\n"
                .formatted(folder.resolve("dongle"), coordinator()))) {
      office.start();
      try (CommandProcess model = simulate(office)) {
        model.says("a software model of a dongle", PATIENCE);
        assertThat(office.importShipment(folder.resolve("shipment.csv"))).isEqualTo(METERS + 1);
        assertThat(
                run(
                    0,
                    "zigbee",
                    "permit-join",
                    "--folder=" + coordinator(),
                    "--guests=" + folder.resolve("labels.csv"),
                    "--for=254s"))
            .contains("6 meters may join");
        model.says("5 of 5 meters inside", PATIENCE);
        allTellAfter(Instant.EPOCH);
        assertThat(devices().lines().filter(l -> l.contains("joined"))).hasSize(METERS + 1);
        outletsAre(true);
        String named =
            run(
                0,
                "meters",
                "outlets",
                STRIP,
                "1",
                "--name=fridge",
                "--place=kitchen",
                "--data=" + data());
        assertThat(named.lines().filter(l -> l.contains("fridge"))).hasSize(1);
        await() // what came through the tunnel, too
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .until(() -> last(LAST, INTERVALS).isAfter(Instant.EPOCH));
        assertThat(run(0, "meters", "list", "--data=" + data()))
            .contains(FIRST, LAST, STRIP, "6 meters");
        assertThat(
                run(
                        0,
                        "readings",
                        LAST,
                        "--data=" + data(),
                        "--to=" + Instant.now().plus(Duration.ofHours(1)))
                    .lines()
                    .count())
            .as("the head and at least a quarter-hour")
            .isGreaterThan(1);

        office.person("olivia", "operator");
        office.person("sam", "security-administrator");
        Path password = Files.writeString(folder.resolve("key.password"), "walnut ferry meadow 63");
        String[] secret = {"--key=" + folder + "/olivia.p12", "--key-password=file:" + password};
        key(secret);
        assertThat(
                by(
                    "olivia",
                    "disconnect",
                    FIRST,
                    "--reason=unpaid",
                    "--wait=240s",
                    secret[0],
                    secret[1]))
            .contains("CONFIRMED", "signed by the meter");
        model.says(" 1 disconnected, ", PATIENCE);
        assertThat(
                by(
                    "olivia",
                    "connect",
                    FIRST,
                    "--reason=paid",
                    "--wait=240s",
                    secret[0],
                    secret[1]))
            .contains("CONFIRMED", "signed by the meter");

        run(0, "command", "key", "export", coordinator() + "/gate/operators", secret[0], secret[1]);
        assertThat(
                by(
                    "olivia",
                    "disconnect",
                    STRIP,
                    "--reason=a trial",
                    "--wait=240s",
                    secret[0],
                    secret[1]))
            .contains("CONFIRMED");
        outletsAre(false);

        model.type("open " + LAST);
        model.says(LAST + ": open done", PATIENCE);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(() ->
                assertThat(run(0, "alarms", "--meter=" + LAST, "--data=" + data()))
                    .contains("tamper.detected"));

        office.kill();
        Instant killed = Instant.now();
        office.start();
        allTellAfter(killed);
        assertThat(devices().lines().filter(l -> l.contains("joined"))).hasSize(METERS + 1);
        String now = model.err().lines().filter(l -> l.startsWith("network ")).toList().getLast();
        assertThat(now).contains("5 of 5 meters inside, let in 5 times").doesNotContain("disconn");
      }
      office.stop();
    }
  }
}
