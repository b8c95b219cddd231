package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.server.GridwardenConfig;
import org.gridwarden.server.GridwardenServer;
import org.gridwarden.server.RunningServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two persons do on the command line, over a real server: many at once, and protections. */
class CommandDecisionsIT {
  private static final String PASSWORD = "seven herons by the canal 7";

  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        GridwardenServer.start(
            GridwardenConfig.parse(
                    """
                    console: {port: 0, plaintext: true}
                    channels:
                      dlms:
                        plaintext: allowed
                        tcp: {bind: 127.0.0.1, port: 0}
                        udp: {bind: 127.0.0.1, port: 0}
                    collection: {enabled: false}
                    logging: {level: error}
                    """,
                    "test",
                    Map.of())
                .withData(folder.resolve("data")));
    String url = server.url().toString();
    try (OfficeClient admin =
        OfficeClient.login(
            url,
            Optional.empty(),
            "admin",
            server.adminPassword().orElseThrow(),
            Optional.of("nine " + PASSWORD))) {
      for (String name : List.of("olivia", "peter")) {
        String given =
            admin
                .post("/users", Map.of("name", name, "roles", List.of("operator")))
                .path("password")
                .asString();
        OfficeClient.login(url, Optional.empty(), name, given, Optional.of(PASSWORD)).close();
        Files.writeString(folder.resolve(name + ".password"), PASSWORD);
      }
    }
    for (int i = 1; i <= 5; i++) {
      MeterId id = new MeterId("D-" + i);
      server
          .store()
          .meters()
          .put(
              new Meter(
                  id,
                  id.value(),
                  new byte[0],
                  "generic",
                  ZoneOffset.UTC,
                  Meter.State.ACTIVE,
                  Meter.PushPolicy.AUTHENTICATED),
              "");
    }
    by("olivia", 0, "policy", "propose", "fourEyes=disconnect", "--reason=two look at it");
    by("peter", 0, "policy", "approve", "1");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String by(String person, int code, String... arguments) {
    List<String> all = new ArrayList<>(List.of("command"));
    all.addAll(Arrays.asList(arguments));
    all.add("--data=" + server.data());
    all.add("--user=" + person);
    all.add("--password=file:" + folder.resolve(person + ".password"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int was =
        Gridwarden.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertThat(was).as(out.toString() + err).isEqualTo(code);
    return out.toString() + err;
  }

  private static List<String> drafted(String said) {
    return said.lines()
        .filter(line -> line.contains("QUARANTINED"))
        .map(line -> line.split(" ")[0])
        .toList();
  }

  @Test
  @DisplayName("C12: what was given together is released in one act; one's own drafts never are")
  void together() {
    List<String> storm =
        drafted(by("olivia", 0, "disconnect", "D-1", "D-2", "D-3", "--reason=a storm"));
    List<String> works = drafted(by("olivia", 0, "disconnect", "D-4", "--reason=works"));
    List<String> own = drafted(by("peter", 0, "disconnect", "D-5", "--reason=his own"));
    assertThat(storm).hasSize(3);
    assertThat(by("peter", 2, "approve", "--batch=" + storm.get(1))).contains("says --yes");
    assertThat(by("peter", 0, "approve", "--batch=" + storm.get(1), "--yes"))
        .contains("3 commands ordered by olivia: Disconnects each")
        .contains("Meters: D-1, D-2, D-3")
        .contains("3 RELEASED");
    assertThat(by("peter", 0, "approve", "--all", "--yes"))
        .contains("1 command ordered by olivia")
        .contains("Reason: works")
        .doesNotContain("his own");
    assertThat(by("peter", 0, "approve", "--all", "--yes")).contains("Nothing waits");
    assertThat(by("olivia", 2, "approve", "--all", works.getFirst()))
        .contains("Unmatched argument");
    assertThat(by("olivia", 0, "refuse", own.getFirst(), works.getFirst(), "--reason=a drill"))
        .contains(own.getFirst() + " is REFUSED")
        .contains(works.getFirst() + " is REFUSED");
    assertThat(
            by(
                "olivia",
                1,
                "refuse",
                storm.getFirst(),
                "00000000-0000-7000-8000-000000000000",
                "--reason=a drill"))
        .contains(storm.getFirst() + " is REFUSED")
        .contains("is not refused: there is no such command");
  }

  @Test
  @DisplayName("C16: a consumer is protected by one person on the command line, and lifted by two")
  void protection() {
    assertThat(by("olivia", 2, "protect", "D-2")).contains("--reason");
    assertThat(by("olivia", 0, "protect", "D-2", "--reason=ventilator"))
        .contains("D-2 is protected");
    assertThat(by("peter", 0, "disconnect", "D-2", "--dry-run"))
        .contains("the consumer is protected: ventilator");
    assertThat(by("olivia", 0, "unprotect", "D-2", "--reason=moved away"))
        .contains("another operator decides");
    assertThat(by("olivia", 1, "unprotect", "D-2", "--release")).contains("cannot decide");
    assertThat(by("peter", 0, "protect")).contains("olivia: moved away");
    assertThat(by("peter", 0, "unprotect", "D-2", "--release")).contains("not protected any more");
    assertThat(by("peter", 0, "protect")).contains("No consumer is protected");
  }

  @Test
  @DisplayName("a tariff and a firmware are drafted, or only tried")
  void otherWords() throws IOException {
    Path file = Files.writeString(folder.resolve("winter.bin"), "a calendar");
    assertThat(
            by(
                "olivia",
                0,
                "set-tariff",
                "D-3",
                "--calendar=winter",
                "--content=" + file,
                "--dry-run"))
        .contains("winter")
        .contains("nothing was drafted");
    assertThat(
            by("olivia", 0, "update-firmware", "D-3", "--to=2.0.1", "--image=" + file, "--dry-run"))
        .contains("2.0.1");
    assertThat(by("olivia", 2, "update-firmware", "D-3", "--to=2.0.1", "--sha256=xyz", "--dry-run"))
        .contains("64 hexadecimal digits");
    assertThat(
            by(
                "olivia",
                2,
                "configure",
                "D-3",
                "--attribute=0.0.96.3.10.255:70:4",
                "--value=?",
                "--dry-run"))
        .contains("--value is base64");
    assertThat(by("olivia", 0, "read", "D-3", "--dry-run")).contains("1 would be released");
  }
}
