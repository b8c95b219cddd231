package org.gridwarden.server.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.gridwarden.server.ssh.TestDoor.Said;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSH's sftp at the folders. */
class SftpExchangeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestDoor door;
  private Path olga;
  private Path local;

  @BeforeEach
  void open() throws Exception {
    door = new TestDoor(folder, TestDoor.USUAL);
    olga = door.user("olga", "ed25519");
    local = Files.createDirectory(folder.resolve("local"));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private Path file(String name, String text) throws Exception {
    return Files.writeString(local.resolve(name), text);
  }

  private Path server(String place) {
    return folder.resolve("exchange/olga").resolve(place);
  }

  private void exists(Path file) {
    await().atMost(PATIENCE).until(() -> Files.exists(file));
  }

  @Test
  @DisplayName("a shipment that is put is taken in, and the office's answer stands beside it")
  void takenIn() throws Exception {
    Said said = door.sftp(olga, "olga", "put " + file("a.csv", "serial\n1\n") + " in/a.csv");
    assertThat(said.code()).as(said.all()).isZero();
    exists(server("in/a.csv.result"));
    assertThat(door.shipments).containsExactly("olga: serial\n1\n");
    Said fetched =
        door.sftp(
            olga, "olga", "ls in", "ls out", "get in/a.csv.result " + local.resolve("answer"));
    assertThat(fetched.out()).as(fetched.err()).contains("in/a.csv", "in/a.csv.result");
    assertThat(Files.readString(local.resolve("answer"))).isEqualTo("2 lines\ntaken in\n");
    assertThat(door.notes)
        .contains(
            "olga sftp.put /in/a.csv",
            "olga sftp.take-in /in/a.csv",
            "olga sftp.get /in/a.csv.result");
    door.sftp(olga, "olga", "put " + file("b.csv", "wrong\n") + " in/b.csv");
    exists(server("in/b.csv.result"));
    assertThat(Files.readString(server("in/b.csv.result"))).endsWith("not taken in\n");
  }

  @Test
  @DisplayName("a file that is put under another name is taken in once it is renamed")
  void renamed() throws Exception {
    Said said =
        door.sftp(
            olga,
            "olga",
            "put -p " + file("a", "serial\n1\n") + " in/a.part",
            "rename in/a.part in/a.csv",
            "ls -l in");
    assertThat(said.code()).as(said.all()).isZero();
    exists(server("in/a.csv.result"));
    assertThat(door.shipments).hasSize(1);
    assertThat(server("in/a.part")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get ../../../etc/passwd",
        "get /etc/passwd",
        "get in/../../vera/in/secret.csv",
        "get ../vera/in/secret.csv",
        "get /../../../../../../../../etc/hostname",
        "get in/link.csv",
        "get out/link",
        "get .half",
        "ls /etc",
        "ls ../vera",
        "ls outside",
        "cd /../vera",
        "put KEY ../vera/in/mine.csv",
        "put KEY /tmp/mine.csv",
        "put KEY mine.csv",
        "put KEY out/mine.csv",
        "put KEY in/mine.csv.result",
        "put KEY in/.mine",
        "put KEY in/sub/mine",
        "put KEY in/link.csv/x",
        "ln -s /etc/passwd in/passwd",
        "ln -s ../../vera/in/secret.csv in/secret.csv",
        "ln in/own.csv in/other.csv",
        "mkdir in/sub",
        "mkdir sub",
        "rmdir in",
        "rm in/../../vera/in/secret.csv",
        "rename in/own.csv ../vera/in/own.csv",
        "rename in/own.csv out/own.csv",
        "rename ../vera/in/secret.csv in/secret.csv",
      })
  @DisplayName("C37 no path, link or folder leads out of a user's folders")
  void noWayOut(String line) throws Exception {
    door.sftp(olga, "olga", "put " + file("own.csv", "own") + " in/own.csv");
    exists(server("in/own.csv.result"));
    Path vera = Files.createDirectories(folder.resolve("exchange/vera/in"));
    Files.writeString(vera.resolve("secret.csv"), "vera's own words");
    // planted by somebody at the server's own disk
    Files.createSymbolicLink(server("in/link.csv"), vera.resolve("secret.csv"));
    Files.createSymbolicLink(server("out/link"), Path.of("/etc/passwd"));
    Said said = door.sftp(olga, "olga", "lcd " + local, line.replace("KEY", olga.toString()));
    assertThat(said.code()).as(said.all()).isNotZero();
    assertThat(said.all()).doesNotContain("vera's own words", "root:");
    assertThat(vera.resolve("secret.csv")).hasContent("vera's own words");
    try (Stream<Path> files = Files.list(vera)) {
      assertThat(files).hasSize(1);
    }
    try (Stream<Path> files = Files.list(local)) {
      assertThat(files.filter(f -> f.toFile().length() > 0)).hasSize(1);
    }
    assertThat(Files.list(server("in")).map(f -> f.getFileName().toString()).sorted())
        .containsExactly("link.csv", "own.csv", "own.csv.result");
    assertThat(Path.of("/tmp/mine.csv")).doesNotExist();
  }

  @Test
  @DisplayName("a file, a user's folders and their number have bounds")
  void quotas() throws Exception {
    String much = "x".repeat(100_001);
    assertThat(door.sftp(olga, "olga", "put " + file("much", much) + " in/much").code())
        .isNotZero();
    assertThat(server("in/much")).doesNotExist();
    Path fits = file("fits", "y".repeat(100_000));
    for (int i = 1; i <= 3; i++) {
      assertThat(door.sftp(olga, "olga", "put " + fits + " in/f" + i).code()).isZero();
    }
    assertThat(door.sftp(olga, "olga", "put " + fits + " in/f4").code()).isNotZero();
    assertThat(door.sftp(olga, "olga", "rm in/f1", "put " + fits + " in/f4").code()).isZero();
    door.sftp(olga, "olga", "rm in/f2", "rm in/f3", "rm in/f4");
    Path small = file("small", "z");
    String[] lines = new String[21];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = "put " + small + " in/s" + i;
    }
    assertThat(door.sftp(olga, "olga", lines).code()).isNotZero();
    try (Stream<Path> files = Files.list(server("in"))) {
      assertThat(files).hasSize(20);
    }
    assertThat(door.ssh(olga, "olga", "", "--", "put x.csv").code()).isEqualTo(1);
  }

  @Test
  @DisplayName("what was whole when the server stopped is taken in after the next start")
  void afterARestart() throws Exception {
    door.sftp(olga, "olga", "ls");
    door.close();
    Files.writeString(server("in/late.csv"), "serial\n2\n", StandardCharsets.UTF_8);
    Files.writeString(server(".half/left"), "half");
    door = new TestDoor(folder, TestDoor.USUAL, door.keys);
    exists(server("in/late.csv.result"));
    assertThat(door.shipments).containsExactly("olga: serial\n2\n");
    assertThat(door.ssh(olga, "olga", "", "--", "put fresh.csv").code()).isZero();
    assertThat(server("out/fresh.csv")).exists();
    assertThat(server(".half/left")).doesNotExist();
  }
}
