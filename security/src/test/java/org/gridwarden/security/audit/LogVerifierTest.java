package org.gridwarden.security.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.gridwarden.core.Actor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogVerifierTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private static LogEntry entry(long id, String action) {
    return new LogEntry(
        id,
        NOON.plusSeconds(id),
        new Actor(Actor.Kind.PERSON, "olivia"),
        action,
        "meter GW-7".getBytes(StandardCharsets.UTF_8));
  }

  private static List<LogEntry> log(int count) {
    List<LogEntry> log = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      log.add(entry(i + 1, i % 2 == 0 ? "draft" : "approve"));
    }
    return log;
  }

  private static List<Checkpoint> checkpoints(List<LogEntry> log, int... sizes) {
    List<Checkpoint> checkpoints = new ArrayList<>();
    GrowingTree tree = new GrowingTree();
    for (LogEntry entry : log) {
      tree.add(entry.leaf());
      for (int size : sizes) {
        if (tree.size() == size) {
          checkpoints.add(new Checkpoint("office", size, tree.root(), NOON));
        }
      }
    }
    return checkpoints;
  }

  private static long verify(List<LogEntry> log, List<Checkpoint> checkpoints) throws LogException {
    LogVerifier verifier = new LogVerifier(checkpoints);
    for (LogEntry entry : log) {
      verifier.add(entry);
    }
    return verifier.end();
  }

  @Test
  @DisplayName("C26: an untouched log holds, and says how much of its end nobody signed yet")
  void untouched() throws LogException {
    List<LogEntry> log = log(23);
    assertThat(verify(log, checkpoints(log, 5, 20))).isEqualTo(3);
    assertThat(verify(log, List.of())).isEqualTo(23);
  }

  @Test
  @DisplayName("C26: an edited, deleted, added or moved entry is found, and between which entries")
  void changed() throws LogException {
    List<LogEntry> log = log(23);
    List<Checkpoint> signed = checkpoints(log, 5, 10, 23);
    List<LogEntry> edited = new ArrayList<>(log);
    edited.set(7, entry(8, "draft"));
    List<LogEntry> deleted = new ArrayList<>(log);
    deleted.remove(7);
    List<LogEntry> added = new ArrayList<>(log);
    added.add(7, entry(99, "approve"));
    List<LogEntry> moved = new ArrayList<>(log);
    Collections.swap(moved, 7, 8);
    for (List<LogEntry> changed : List.of(edited, deleted, added, moved)) {
      assertThatThrownBy(() -> verify(changed, signed))
          .isInstanceOf(LogException.class)
          .hasMessageContaining("between entries 6 and 10");
    }
  }

  @Test
  @DisplayName("C26: a log whose end was cut off is found by a checkpoint that a witness kept")
  void cut() throws LogException {
    List<LogEntry> log = log(23);
    List<Checkpoint> witness = checkpoints(log, 20);
    assertThatThrownBy(() -> verify(log.subList(0, 12), witness))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("ends after 12 entries")
        .hasMessageContaining("signed 20");
  }

  @Test
  @DisplayName("C26: who shows two people two logs is found when they compare")
  void splitView() throws LogException {
    List<LogEntry> log = log(9);
    List<LogEntry> other = new ArrayList<>(log);
    other.set(3, entry(4, "draft"));
    List<Checkpoint> both = new ArrayList<>(checkpoints(log, 9));
    both.addAll(checkpoints(other, 9));
    assertThatThrownBy(() -> verify(log, both))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("two different logs");
  }

  @Test
  @DisplayName("C26: a checkpoint is its signer's alone")
  void signature() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair office = generator.generateKeyPair();
    KeyPair other = generator.generateKeyPair();
    Checkpoint checkpoint = new Checkpoint("office", 7, TreeHash.empty(), NOON);
    String text = SignedCheckpoint.sign(checkpoint, office.getPrivate()).text();
    assertThat(SignedCheckpoint.open(text, office.getPublic()).checkpoint()).isEqualTo(checkpoint);
    assertThatThrownBy(() -> SignedCheckpoint.open(text, other.getPublic()))
        .isInstanceOf(LogException.class);
    assertThatThrownBy(
            () -> SignedCheckpoint.open(text.replace("\n7\n", "\n8\n"), office.getPublic()))
        .isInstanceOf(LogException.class);
    for (String garbage : List.of("", "\n\n", "a\nb\n\nc", "x".repeat(5_000))) {
      assertThatThrownBy(() -> SignedCheckpoint.open(garbage, office.getPublic()))
          .isInstanceOf(LogException.class);
    }
  }
}
