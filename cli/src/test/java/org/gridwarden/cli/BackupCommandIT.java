package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What docs/operations.md says of backups, as it is typed there. */
class BackupCommandIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private int number;

  @Test
  @DisplayName(
      "C38, C2: key, backup while the server runs and while it does not, list, verify, lose the"
          + " machine, restore, start, and the log says that it was restored")
  void loseTheMachine() throws Exception {
    Path passphrase = folder.resolve("passphrase");
    Files.writeString(passphrase, "correct horse battery\n");
    Path data = folder.resolve("office");
    Path config = folder.resolve("gridwarden.yaml");
    Files.writeString(
        config,
        "data: office\nconsole: {port: 0}\nchannels: {dlms: {plaintext: allowed, tcp: {port: 0}, udp: {port: 0}}}\n");
    String key = "--key=" + folder.resolve("backup.key");
    String pass = "--passphrase=file:" + passphrase;
    String repository = "--repository=" + folder.resolve("backups");
    String of = "--data=" + data;
    run(0, "backup", "key", "new", folder.resolve("backup.key").toString(), of, pass);
    serve(
        config,
        data,
        () -> {
          JsonNode made = json(run(0, "backup", repository, of, "--config=" + config, "--json"));
          assertThat(made.path("database").asString()).isEqualTo("embedded");
          assertThat(made.path("damaged")).isEmpty();
        });
    JsonNode second = json(run(0, "backup", repository, of, "--json"));
    assertThat(second.path("newBytes").asLong()).isLessThan(3_000_000);
    assertThat(json(run(0, "backup", "list", repository, of, "--json"))).hasSize(2);
    JsonNode verified = json(run(0, "backup", "verify", repository, key, pass, "--deep", "--json"));
    assertThat(verified.path("ok").asBoolean()).isTrue();
    assertThat(verified.path("rows").path("app_user").asLong()).isEqualTo(1);

    try (Stream<Path> lost = Files.walk(data)) {
      for (Path path : lost.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    run(0, "restore", repository, key, pass, "--into=" + data);
    assertThat(data.resolve("restored")).exists();
    assertThat(run(1, "restore", repository, key, pass, "--into=" + data)).contains("is not empty");
    serve(config, data, () -> assertThat(data.resolve("restored")).doesNotExist());
    assertThat(
            json(run(0, "backup", "prune", repository, of, "--keep-last=1", "--json"))
                .path("removed"))
        .hasSize(1);
  }

  private interface Meanwhile {
    void run() throws Exception;
  }

  private void serve(Path config, Path data, Meanwhile meanwhile) throws Exception {
    try (CommandProcess server =
        CommandProcess.start(folder, "server" + number++, "server", "--config=" + config)) {
      await().atMost(PATIENCE).until(() -> Files.exists(data.resolve("server.json")));
      meanwhile.run();
      server.stop(PATIENCE);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> !Files.exists(data.resolve("postgresql/data/postmaster.pid")));
  }

  private String run(int code, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(arguments));
    try (CommandProcess command =
        CommandProcess.start(folder, "run" + number++, line.toArray(String[]::new))) {
      assertThat(command.exit(PATIENCE)).as("%s: %s", line, command.err()).isEqualTo(code);
      return code == 0 ? command.out() : command.err();
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
