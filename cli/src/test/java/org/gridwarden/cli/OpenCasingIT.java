package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.Sense;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A demo's street and its office in this process: somebody opens a simulated casing. */
class OpenCasingIT {
  /** What is promised; on a shared machine that builds, the machine itself may take longer. */
  private static final Duration STATED = Duration.ofSeconds(System.getenv("CI") == null ? 2 : 60);

  private static final int METERS = 20;

  @TempDir static Path folder;

  private static RunningServer server;
  private static Street street;
  private static OfficeClient office;

  @BeforeAll
  static void open() throws IOException {
    String yaml =
        """
        demo: true
        console: {bind: 127.0.0.1, port: 0, plaintext: true}
        channels:
          dlms:
            tcp: {bind: 127.0.0.1, port: 0}
        logging: {level: warn}
        """;
    StreetHand hand = new StreetHand();
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(yaml, "the test's configuration", Map.of())
                .withData(folder.resolve("data")),
            hand);
    street =
        Street.of(
            StreetSettings.of(METERS)
                .withHistory(Duration.ofHours(6))
                .withEvery(Duration.ofSeconds(5)),
            Households.load(),
            InstantSource.system());
    hand.reach(street);
    office =
        OfficeClient.of(
            server.url().toString(),
            server.certificateFingerprint(),
            server.data().resolve(ServerFile.TOKEN_NAME));
    Path shipment = folder.resolve("street.csv");
    street.writeShipment(
        shipment, OfficeKeyFile.parse(office.text("/office-key", "text/plain"), "the office"));
    office.post("/meters/import?dryRun=false", "text/csv", Files.readAllBytes(shipment));
    street.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.dlmsTcpPort()));
    await().atMost(Duration.ofSeconds(60)).until(() -> street.stats().confirmed() >= 3 * METERS);
  }

  @AfterAll
  static void close() throws IOException {
    office.close();
    street.close();
    server.close();
  }

  private static void tamper(String meter, String sense) {
    office.post("/street/meters/" + meter + "/tamper", Map.of("sense", sense));
  }

  private static String serial(int number) {
    return street.serials().get(number);
  }

  private static String state(String meter) {
    return office.get("/meters/" + meter).path("state").asString();
  }

  private static List<String> words(String meter) {
    List<String> words = new ArrayList<>();
    office
        .get("/alarms?meter=" + meter)
        .path("items")
        .forEach(alarm -> words.add(alarm.path("word").asString()));
    return words;
  }

  @Test
  @DisplayName("C19: a simulated casing is opened: alarm, case and quarantine within 2 s")
  void openTheCasing() {
    String meter = serial(0);
    tamper(meter, "meter-cover");
    await()
        .atMost(STATED)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          assertThat(state(meter)).isEqualTo("quarantined");
          assertThat(words(meter)).contains("tamper.meter-cover");
        });
    JsonNode about = office.get("/cases?meter=" + meter).path("items").get(0);
    assertThat(about.path("severity").asString()).isEqualTo("CRITICAL");
    long before = contacts(meter);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(contacts(meter)).as("it goes on metering").isGreaterThan(before));
  }

  private static long contacts(String meter) {
    return java.time.Instant.parse(office.get("/meters/" + meter).path("lastContact").asString())
        .getEpochSecond();
  }

  @Test
  @DisplayName("C19: with a probe in the open casing the meter erases its keys after its last word")
  void probeTheOpenCasing() {
    String meter = serial(1);
    tamper(meter, "meter-cover");
    tamper(meter, "probing");
    await()
        .atMost(STATED)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> {
          assertThat(street.meter(meter).orElseThrow().keysErased()).isTrue();
          assertThat(words(meter))
              .contains("tamper.meter-cover", "tamper.probing", "tamper.keys-erased");
          long about = office.get("/cases?meter=" + meter).path("items").get(0).path("id").asLong();
          assertThat(office.get("/cases/" + about).path("story").findValuesAsString("what"))
              .contains("keys-revoked");
        });
  }

  @Test
  @DisplayName("C35: each thing that a meter senses is an alarm, told by push and alarm register")
  void everySense() {
    Set<String> cases = new HashSet<>();
    List<Sense> senses = Sense.ALL.stream().filter(s -> !s.word().equals("clock-back")).toList();
    for (int i = 0; i < senses.size(); i++) {
      tamper(serial(3 + i), senses.get(i).word());
    }
    for (int i = 0; i < senses.size(); i++) {
      String meter = serial(3 + i);
      Sense sense = senses.get(i);
      await()
          .atMost(STATED)
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(() -> assertThat(words(meter)).as(sense.word()).isNotEmpty());
      if (sense.bit() >= 0) {
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> {
              JsonNode alarm = office.get("/alarms?meter=" + meter).path("items").get(0);
              assertThat(alarm.path("sources").toString()).as(sense.word()).contains("register");
            });
        assertThat(words(meter))
            .as("the register's bit is no alarm of its own: %s", sense.word())
            .doesNotContain("tamper.detected");
      }
      office.get("/cases?meter=" + meter).path("items").forEach(c -> cases.add(meter));
    }
    assertThat(cases).hasSizeGreaterThanOrEqualTo(senses.size() - 2);
  }

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

  @Test
  @DisplayName(
      "C20: a meter's quarantine from the command line: verdict and release are two people's")
  void fromTheCommandLine() {
    String meter = serial(METERS - 1);
    String data = "--data=" + server.data();
    assertThat(run(0, "street", "tamper", data, meter, "meter-cover")).contains("meter-cover");
    await()
        .atMost(STATED)
        .untilAsserted(() ->
            assertThat(run(0, "alarms", data, "--meter=" + meter)).contains("tamper.meter-cover"));
    String id = office.get("/cases?meter=" + meter).path("items").get(0).path("id").asString("");
    assertThat(run(0, "cases", "list", data, "--state=open")).contains(meter);
    assertThat(run(0, "cases", "show", data, id)).contains("quarantined").contains("held from");
    assertThat(run(1, "meters", "release", data, meter, "--reason=x")).contains("it is open");
    run(0, "cases", "note", data, id, "Asked the fitter.");
    run(0, "cases", "close", data, id, "--verdict=maintenance", "--note=It was he.");
    assertThat(run(1, "meters", "release", data, meter, "--reason=x"))
        .contains("another person releases");
    assertThat(run(1, "street", "tamper", data, meter, "dynamite")).contains("is one of");
    assertThat(run(1, "meters", "quarantine", data, meter, "--reason=x")).contains("quarantine");
  }

  @Test
  @DisplayName("C36: a meter's clock is set back and tells its hour again: nothing is overwritten")
  void setTheClockBack() {
    String meter = serial(2);
    String query = "/meters/" + meter + "/readings?channel=1.0.1.29.0.255";
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> office.get(query).path("slots").size() >= 20);
    JsonNode before = office.get(query).path("slots");
    tamper(meter, "clock-back");
    await()
        .atMost(STATED)
        .untilAsserted(
            () -> assertThat(words(meter)).contains("tamper.clock-back", "slot.revised"));
    JsonNode after = office.get(query).path("slots");
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).isEqualTo(before.get(i));
    }
    assertThat(office.get("/cases?meter=" + meter).path("total").asInt()).isEqualTo(1);
  }
}
