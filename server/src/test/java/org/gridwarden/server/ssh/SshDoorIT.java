package org.gridwarden.server.ssh;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.gridwarden.server.ssh.TestDoor.Said;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSH's own client at the door. */
class SshDoorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestDoor door;
  private Path olga;

  @BeforeEach
  void open() throws Exception {
    door = new TestDoor(folder, TestDoor.USUAL);
    olga = door.user("olga", "ed25519");
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  @DisplayName(
      "C37 the SSH door opens to a registered key, and each line is noted with who said it")
  void aRegisteredKeyOpens() throws Exception {
    Said said = door.ssh(olga, "olga", "", "--", "alarms --meter 'GW 1' x");
    assertThat(said.out()).as(said.err()).isEqualTo("olga said [alarms, --meter, GW 1, x]\n");
    assertThat(said.code()).isZero();
    assertThat(door.ssh(olga, "olga", "", "--", "fail").code()).isEqualTo(7);
    assertThat(door.notes)
        .contains("olga ssh.line alarms --meter 'GW 1' x", "olga ssh.line fail")
        .anyMatch(note -> note.matches("olga ssh.opened from 127.0.0.1 by SHA256:.{43}"));
    Path p256 = door.key("vera", "ecdsa", "-b", "256");
    door.register("vera", p256);
    assertThat(door.ssh(p256, "vera", "", "--", "alarms").code()).isZero();
    await().atMost(PATIENCE).until(() -> door.notes.contains("vera left"));
  }

  @Test
  @DisplayName("C37 no password, no unknown key, nobody else's key opens the SSH door")
  void nothingElseOpens() throws Exception {
    Said password =
        door.ssh(
            olga,
            "olga",
            "secret\n",
            "-o",
            "PubkeyAuthentication=no",
            "-o",
            "PreferredAuthentications=password,keyboard-interactive",
            "--",
            "alarms");
    assertThat(password.code()).isEqualTo(255);
    // the one method that the server names
    assertThat(password.err()).contains("Permission denied (publickey).");
    Path stranger = door.key("stranger", "ed25519");
    assertThat(door.ssh(stranger, "olga", "", "--", "alarms").err())
        .contains("Permission denied (publickey).");
    Path vera = door.user("vera", "ed25519");
    assertThat(door.ssh(vera, "olga", "", "--", "alarms").code()).isEqualTo(255);
    assertThat(door.ssh(olga, "nobody", "", "--", "alarms").code()).isEqualTo(255);
    assertThat(door.notes).noneMatch(note -> note.contains("ssh.line"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KexAlgorithms=diffie-hellman-group14-sha1",
        "KexAlgorithms=diffie-hellman-group14-sha256",
        "Ciphers=aes128-cbc",
        "Ciphers=3des-cbc",
        "HostKeyAlgorithms=ssh-rsa",
        "HostKeyAlgorithms=rsa-sha2-512"
      })
  @DisplayName("C37 weak algorithms are not spoken at the SSH door")
  void weakAlgorithmsAreOff(String option) throws Exception {
    Said said = door.ssh(olga, "olga", "", "-o", option, "--", "alarms");
    assertThat(said.code()).isEqualTo(255);
    assertThat(said.err()).contains("Unable to negotiate");
  }

  @Test
  @DisplayName("C37 an RSA key is not registered, and would not open")
  void noRsa() throws Exception {
    Path rsa = door.key("rsa", "rsa", "-b", "2048");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> door.register("rob", rsa))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ssh-ed25519");
    assertThat(door.ssh(rsa, "olga", "", "--", "alarms").code()).isEqualTo(255);
  }

  @Test
  @DisplayName("C37 neither ports nor displays are forwarded, and no subsystem but sftp answers")
  void nothingIsForwarded() throws Exception {
    try (ServerSocket inner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int free;
      try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        free = probe.getLocalPort();
      }
      Process local =
          new ProcessBuilder(
                  door.command(
                      "ssh",
                      "-p",
                      olga,
                      "olga",
                      "-N",
                      "-L",
                      free + ":127.0.0.1:" + inner.getLocalPort()))
              .redirectError(folder.resolve("forward.err").toFile())
              .start();
      try {
        await().atMost(PATIENCE).until(() -> reaches(free));
        try (Socket through = new Socket(InetAddress.getLoopbackAddress(), free);
            InputStream in = through.getInputStream()) {
          through.setSoTimeout(60_000);
          assertThat(in.read()).as("the channel was refused").isEqualTo(-1);
        }
        inner.setSoTimeout(200);
        org.assertj.core.api.Assertions.assertThatThrownBy(inner::accept)
            .isInstanceOf(java.net.SocketTimeoutException.class);
      } finally {
        local.destroyForcibly().waitFor();
      }
    }
    Said remote =
        door.ssh(
            olga, "olga", "", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "--", "x");
    assertThat(remote.code()).isEqualTo(255);
    assertThat(remote.err()).contains("remote port forwarding failed");
    List<String> display = door.command("ssh", "-p", olga, "olga", "-X", "-v", "--", "alarms");
    display.addAll(0, List.of("env", "DISPLAY=:99"));
    assertThat(door.run(Optional.of(""), display).err())
        .contains("X11 forwarding request failed on channel 0");
    Said subsystem = door.ssh(olga, "olga", "", "-s", "--", "netconf");
    assertThat(subsystem.code()).isNotZero();
    assertThat(subsystem.err()).contains("subsystem request failed");
  }

  private static boolean reaches(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @DisplayName("C27 what the audit log does not take is not done over SSH")
  void noAuditNoLine() throws Exception {
    Process shell = start("-T");
    try {
      await().atMost(PATIENCE).until(() -> opened() == 1);
      door.audits = false;
      shell.getOutputStream().write("alarms\nexit\n".getBytes(UTF));
      shell.getOutputStream().flush();
      assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(shell.exitValue()).isEqualTo(1);
      assertThat(shell.getInputStream().readAllBytes()).isEmpty();
      assertThat(new String(shell.getErrorStream().readAllBytes(), UTF)).contains("audit log");
      assertThat(door.ssh(olga, "olga", "", "--", "alarms").code()).isEqualTo(255);
    } finally {
      shell.destroyForcibly();
    }
  }

  private static final java.nio.charset.Charset UTF = java.nio.charset.StandardCharsets.UTF_8;

  private Process start(String flag) throws IOException {
    return new ProcessBuilder(door.command("ssh", "-p", olga, "olga", flag)).start();
  }

  private long opened() {
    synchronized (door.notes) {
      return door.notes.stream().filter(note -> note.contains("ssh.opened")).count();
    }
  }

  @Test
  @DisplayName("on a terminal there are a prompt, completion, history and questions")
  void onATerminal() throws Exception {
    Said said = door.ssh(olga, "olga", "met\tli\t\rask\ryes\rhistory\r\u0018\u0005exit\r", "-tt");
    String plain = said.out().replaceAll("\u001b\\[[?0-9;]*[A-Za-z]", "");
    assertThat(plain)
        .as(said.err())
        .contains("gridwarden> ", "olga said [meters, list]", "answer yes", "1  meters list");
    assertThat(plain).doesNotContain("3  yes");
    assertThat(said.code()).isZero();
    assertThat(door.notes).contains("olga ssh.line meters list", "olga ssh.line ask");
  }

  @Test
  @DisplayName("lines from a file are done one after another; the exit code tells of a failure")
  void fromAFile() throws Exception {
    Said said = door.ssh(olga, "olga", "one 'a b'\nfail\n\"open\ntwo\n", "-T");
    assertThat(said.out()).isEqualTo("olga said [one, a b]\nolga said [fail]\nolga said [two]\n");
    assertThat(said.err()).contains("a quote is left open");
    assertThat(said.code()).isEqualTo(2);
    assertThat(door.ssh(olga, "olga", "x".repeat(200_000) + "\n", "-T").code()).isNotZero();
  }

  @Test
  @DisplayName("C29 a key that is taken away, or a user who is removed, ends the session")
  void takenAway() throws Exception {
    Process shell = start("-T");
    try {
      await().atMost(PATIENCE).until(() -> opened() == 1);
      door.keys.clear();
      assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(new String(shell.getErrorStream().readAllBytes(), UTF))
          .contains("your account has changed");
    } finally {
      shell.destroyForcibly();
    }
  }

  @Test
  @DisplayName("C29 a silent session ends, and one user holds so many and no more")
  void limits() throws Exception {
    door.close();
    SshSettings usual = TestDoor.USUAL;
    SshSettings tight =
        new SshSettings(
            true,
            usual.bind(),
            0,
            Duration.ofSeconds(15),
            usual.sessions(),
            1,
            false,
            usual.file(),
            usual.quota(),
            usual.files());
    door = new TestDoor(Files.createDirectory(folder.resolve("tight")), tight);
    olga = door.user("olga", "ed25519");
    Process shell = start("-T");
    try {
      await().atMost(PATIENCE).until(() -> opened() == 1);
      assertThat(door.ssh(olga, "olga", "", "--", "alarms").code()).isEqualTo(255);
      assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as("idle").isTrue();
      assertThat(door.sftp(olga, "olga", "ls").code()).as("no exchange").isNotZero();
    } finally {
      shell.destroyForcibly();
    }
  }

  @Test
  @DisplayName("C40 half-open SSH sessions of one source displace each other and refuse nobody")
  void halfOpen() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.0.9", 0));
        socket.connect(new InetSocketAddress("127.0.0.1", door.door.port()));
        silent.add(socket);
      }
      assertThat(door.ssh(olga, "olga", "", "--", "alarms").code()).isZero();
      await()
          .atMost(PATIENCE)
          .until(() -> silent.stream().filter(SshDoorIT::isClosed).count() >= 200 - 16);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  /** Past the server's greeting, whether there is an end. */
  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(1);
      byte[] some = new byte[4_096];
      while (socket.getInputStream().read(some) >= 0) {
        // its greeting
      }
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @DisplayName("C18 the host key lies wrapped, is the same after a restart, and nobody may read it")
  void hostKey() throws Exception {
    Path wrapped = folder.resolve("keys/ssh-host-key.wrapped");
    assertThat(Files.getPosixFilePermissions(wrapped).toString())
        .isEqualTo("[OWNER_READ, OWNER_WRITE]");
    String shown = Files.readString(folder.resolve("keys/ssh-host-key.pub"));
    door.close();
    door = new TestDoor(folder, TestDoor.USUAL);
    door.register("olga", olga);
    assertThat(Files.readString(folder.resolve("keys/ssh-host-key.pub"))).isEqualTo(shown);
    assertThat(door.ssh(olga, "olga", "", "--", "alarms").code()).isZero();
  }
}
