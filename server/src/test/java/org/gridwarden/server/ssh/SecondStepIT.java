package org.gridwarden.server.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.gridwarden.server.ssh.TestDoor.Said;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code after the key, asked for by OpenSSH's own client. */
class SecondStepIT {
  @TempDir Path folder;
  private TestDoor door;
  private Path olga;

  @BeforeEach
  void open() throws Exception {
    door = new TestDoor(folder, TestDoor.USUAL);
    olga = door.user("olga", "ed25519");
    door.codes.put("olga", "123456");
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  @DisplayName("C37 who has a second factor shows its code after the key, and then comes in")
  void keyAndCode() throws Exception {
    Said said = door.sshSaying(olga, "olga", "123456", "--", "alarms");
    assertThat(said.out()).as(said.err()).isEqualTo("olga said [alarms]\n");
    assertThat(Files.readString(door.asked())).contains("Code of your second factor:");
    assertThat(door.shown).containsExactly("olga 123456 127.0.0.1");
    assertThat(door.notes).anyMatch(note -> note.startsWith("olga ssh.opened from 127.0.0.1 by"));
  }

  @Test
  @DisplayName("C37 the key alone, or with a wrong code, opens nothing to who has a second factor")
  void keyAlone() throws Exception {
    Said alone = door.ssh(olga, "olga", "", "-o", "BatchMode=yes", "--", "alarms");
    assertThat(alone.code()).isEqualTo(255);
    assertThat(alone.err()).contains("Permission denied (keyboard-interactive).");
    Said wrong = door.sshSaying(olga, "olga", "654321", "--", "alarms");
    assertThat(wrong.code()).isEqualTo(255);
    assertThat(door.sftp(olga, "olga", "ls").code()).isNotZero();
    assertThat(door.notes).noneMatch(note -> note.contains("ssh.opened"));
    assertThat(door.shown).containsExactly("olga 654321 127.0.0.1");
  }

  @Test
  @DisplayName("C37 before the right key no code is asked for or looked at, of whomever")
  void noCodeBeforeTheKey() throws Exception {
    Path stranger = door.key("stranger", "ed25519");
    for (String user : new String[] {"olga", "nobody"}) {
      Said said =
          door.sshSaying(
              stranger,
              user,
              "123456",
              "-o",
              "PreferredAuthentications=keyboard-interactive,publickey",
              "--",
              "alarms");
      assertThat(said.code()).isEqualTo(255);
      assertThat(said.err()).contains("Permission denied (publickey).");
    }
    assertThat(door.shown).isEmpty();
    assertThat(door.asked()).doesNotExist();
  }

  @Test
  @DisplayName("who has no second factor is asked for nothing, also in a script")
  void withoutOne() throws Exception {
    Path vera = door.user("vera", "ed25519");
    Said said = door.ssh(vera, "vera", "", "-o", "BatchMode=yes", "--", "alarms");
    assertThat(said.out()).as(said.err()).isEqualTo("vera said [alarms]\n");
    assertThat(door.shown).isEmpty();
  }
}
