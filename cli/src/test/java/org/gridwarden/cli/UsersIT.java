package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Secret;
import org.gridwarden.security.access.Totp;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The first steps of a new office, as docs/operations.md says them. */
class UsersIT {
  @TempDir private Path folder;

  private record Said(int code, String out, String err) {}

  private Said as(String user, Path password, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--data",
            folder.resolve("data").toString(),
            "--user",
            user,
            "--password",
            "file:" + password));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Gridwarden.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Said(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  @DisplayName("C28 C29 users, roles, keys and a second factor by the command line")
  void firstSteps() throws Exception {
    try (TestOffice office = new TestOffice(folder)) {
      office.start();
      Path viewer = office.person("vera", "viewer");
      Path admin = folder.resolve("admin.password");

      Said added = as("admin", admin, "users", "add", "olivia", "--role", "operator");
      assertThat(added.code()).as(added.err()).isZero();
      assertThat(added.out()).contains("shown this once");
      Said both =
          as("admin", admin, "users", "add", "x", "--role", "operator", "--role", "auditor");
      assertThat(both.code()).isEqualTo(Gridwarden.FAILED);
      assertThat(both.err()).contains("give them to two people");
      Said role =
          as(
              "admin",
              admin,
              "users",
              "role",
              "add",
              "night-shift",
              "--may",
              "VIEW",
              "--may",
              "operate",
              "--note",
              "at night");
      assertThat(role.out()).contains("NIGHT_SHIFT may VIEW, OPERATE");
      Said given = as("admin", admin, "users", "roles", "olivia", "--role", "night-shift");
      assertThat(given.out()).contains("olivia is now NIGHT_SHIFT");
      assertThat(as("admin", admin, "users", "role", "list").out())
          .contains("NIGHT_SHIFT", "SECURITY_AUDITOR", "MANAGE_KEYS");
      assertThat(as("admin", admin, "users", "disable", "olivia").code()).isZero();
      Said listed = as("admin", admin, "users", "list");
      assertThat(listed.out().lines().filter(l -> l.startsWith("olivia")).findFirst().orElse(""))
          .contains("NIGHT_SHIFT", "disabled");
      assertThat(as("admin", admin, "users", "enable", "olivia").code()).isZero();
      assertThat(as("admin", admin, "users", "unlock", "olivia").code()).isZero();
      Said denied = as("vera", viewer, "users", "list");
      assertThat(denied.code()).isEqualTo(Gridwarden.FAILED);
      assertThat(denied.err()).contains("your roles do not allow this");

      Said machine =
          as("admin", admin, "users", "api-key", "add", "scada", "--may", "VIEW", "--days", "1");
      String key = machine.out().lines().toList().get(1);
      assertThat(key).startsWith("gw_");
      ServerFile server = ServerFile.read(office.data().resolve(ServerFile.NAME));
      try (OfficeClient scada =
          OfficeClient.of(server.url(), server.fingerprint(), file("scada.key", key))) {
        assertThat(scada.get("/meters").path("total").asInt()).isZero();
      }
      assertThat(as("admin", admin, "users", "api-key", "list").out())
          .contains("scada", "in force")
          .doesNotContain(key);
      assertThat(as("admin", admin, "users", "api-key", "revoke", "scada").code()).isZero();

      assertThat(as("admin", admin, "users", "add", "carla", "--role", "consumer").code()).isZero();
      Path clerk = office.person("clara", "customer-service");
      Said linked =
          as(
              "clara",
              clerk,
              "users",
              "point",
              "link",
              "carla",
              "Testweg 1",
              "--since",
              "2026-10-01T00:00:00Z");
      assertThat(linked.code()).as(linked.err()).isZero();
      assertThat(linked.out()).contains("Testweg 1", "2026-10-01T00:00:00Z");

      Said begun = as("vera", viewer, "users", "factor", "on");
      assertThat(begun.code()).as(begun.err()).isZero();
      String letters = begun.out().lines().findFirst().orElseThrow().replaceAll(".*: ", "");
      Secret secret = secret(letters);
      Said on =
          as(
              "vera",
              viewer,
              "users",
              "factor",
              "on",
              "--confirm",
              Totp.code(secret, Totp.step(Instant.now())));
      assertThat(on.code()).as(on.err()).isZero();
      assertThat(on.out().lines()).hasSize(11);
      Said asked = as("vera", viewer, "alarms");
      assertThat(asked.code()).isEqualTo(Gridwarden.FAILED);
      assertThat(asked.err()).contains("--code");
      Path code = file("code", Totp.code(secret, Totp.step(Instant.now()) + 1));
      Said shown = as("vera", viewer, "users", "factor", "show", "--code", "file:" + code);
      assertThat(shown.out()).as(shown.err()).contains("on, 10 recovery codes are left");
      assertThat(as("admin", admin, "users", "reset-factor", "vera").code()).isZero();
      assertThat(as("vera", viewer, "alarms").code()).isZero();
      office.stop();
    }
  }

  /** As an authenticator reads it. */
  static Secret secret(String letters) {
    byte[] bytes = new byte[letters.length() * 5 / 8];
    long held = 0;
    int bits = 0;
    int at = 0;
    for (byte letter : letters.getBytes(StandardCharsets.US_ASCII)) {
      held = held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
      bits += 5;
      if (bits >= 8) {
        bytes[at++] = (byte) (held >> bits - 8);
        bits -= 8;
      }
    }
    return new Secret(bytes);
  }
}
