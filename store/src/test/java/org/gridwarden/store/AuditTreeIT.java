package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogVerifier;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The audit log of a database whose owner is not trusted. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditTreeIT {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");

  @TempDir static Path folder;
  private static Store store;
  private static KeyPair office;

  @BeforeAll
  static void open() throws Exception {
    store = Store.open(StoreSettings.embedded(folder));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    office = generator.generateKeyPair();
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static void append(int count) {
    for (int i = 0; i < count; i++) {
      byte[] detail = ("meter GW-" + i).getBytes(StandardCharsets.UTF_8);
      Function<Tx, Long> append =
          tx -> store.auditLog().append(tx, OLIVIA, "command.draft", detail);
      store.unitOfWork().call(append);
    }
  }

  private static void sign() {
    long size = store.auditTree().grow();
    store
        .auditTree()
        .keep(
            SignedCheckpoint.sign(
                new Checkpoint("test", size, store.auditTree().root(size), NOON),
                office.getPrivate()));
  }

  /** What an auditor does with the log and the public key. Returns how many entries are vouched. */
  private static long verify(PublicKey key) throws LogException {
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (String text : store.auditTree().checkpoints()) {
      checkpoints.add(SignedCheckpoint.open(text, key).checkpoint());
    }
    List<LogEntry> entries = new ArrayList<>();
    List<ClearText> clears = new ArrayList<>();
    store
        .auditTree()
        .walk((leaf, entry, clear) ->
            entry.ifPresent(e -> {
              entries.add(e);
              clears.add(clear);
            }));
    LogVerifier verifier = new LogVerifier(checkpoints);
    for (int i = 0; i < entries.size(); i++) {
      verifier.add(entries.get(i));
    }
    verifier.end();
    for (int i = 0; i < entries.size(); i++) {
      clears.get(i).check(entries.get(i));
    }
    return verifier.vouched();
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      for (String statement : statements) {
        s.execute(statement);
      }
    }
  }

  /** As somebody who owns the database: no trigger, no foreign key stands in the way. */
  private static void asOwner(String change) throws SQLException {
    sql(
        "ALTER TABLE audit_log DISABLE TRIGGER USER",
        "ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_entry_fkey",
        change);
  }

  @Test
  @Order(1)
  @DisplayName("C26: what eight writers append at once is in the tree, each entry with a proof")
  void everyEntryIsProven() throws Exception {
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < 8; w++) {
        writers.add(threads.submit(() -> append(40)));
      }
      for (int i = 0; i < 5; i++) {
        sign();
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    append(300); // beyond a tile
    sign();
    assertThat(verify(office.getPublic())).isEqualTo(620);
    for (AuditTrail.Entry entry : store.auditTrail().before(Long.MAX_VALUE, 1_000)) {
      AuditTree.Proof proof = store.auditTree().prove(entry.id()).orElseThrow();
      SignedCheckpoint signed = SignedCheckpoint.open(proof.checkpoint(), office.getPublic());
      assertThat(
              MerkleTree.includes(
                  signed.checkpoint().root(),
                  signed.checkpoint().size(),
                  proof.leaf().leaf(),
                  proof.leaf().entry().leaf(),
                  proof.path()))
          .isTrue();
    }
    assertThat(store.auditTree().prove(1_000_000)).isEmpty();
    append(1);
    store.auditTree().grow();
    long last = store.auditTrail().before(Long.MAX_VALUE, 1).getFirst().id();
    assertThat(store.auditTree().prove(last)).as("not signed yet").isEmpty();
    sign();
    assertThat(store.auditTree().prove(last)).isPresent();
  }

  @Test
  @Order(2)
  @DisplayName("C26: nobody changes an entry by mistake")
  void appendsOnly() {
    for (String change :
        List.of(
            "UPDATE audit_log SET actor = 'mallory' WHERE id = 7",
            "DELETE FROM audit_log WHERE id = 7",
            "TRUNCATE audit_log CASCADE")) {
      assertThatThrownBy(() -> sql(change)).hasMessageContaining("only ever appended to");
    }
  }

  @Test
  @Order(3)
  @DisplayName("C26: who owns the database edits, deletes, moves or cuts, and is found")
  void changesAreFound() throws Exception {
    asOwner("CREATE TABLE was AS SELECT actor FROM audit_log WHERE id = 7");
    asOwner("UPDATE audit_log SET actor = 'mallory' WHERE id = 7");
    assertFound("between entries");
    asOwner("UPDATE audit_log SET actor = (SELECT actor FROM was) WHERE id = 7");
    verify(office.getPublic());

    sql("CREATE TABLE clear AS SELECT * FROM audit_clear WHERE entry = 8");
    sql("UPDATE audit_clear SET who = 'mallory' WHERE entry = 8");
    assertFound("entry 8 and the clear text");
    sql("UPDATE audit_clear SET who = (SELECT who FROM clear) WHERE entry = 8");
    verify(office.getPublic());

    asOwner("CREATE TABLE taken AS SELECT * FROM audit_log WHERE id = 9");
    asOwner("DELETE FROM audit_log WHERE id = 9");
    assertFound("between entries");
    asOwner("INSERT INTO audit_log OVERRIDING SYSTEM VALUE SELECT * FROM taken");
    verify(office.getPublic());

    asOwner(
        "UPDATE audit_leaf SET entry = CASE entry WHEN 5 THEN -6 ELSE -5 END WHERE entry IN (5,"
            + " 6)");
    asOwner("UPDATE audit_leaf SET entry = -entry WHERE entry < 0");
    assertFound("between entries");
    asOwner(
        "UPDATE audit_leaf SET entry = CASE entry WHEN 5 THEN -6 ELSE -5 END WHERE entry IN (5,"
            + " 6)");
    asOwner("UPDATE audit_leaf SET entry = -entry WHERE entry < 0");
    verify(office.getPublic());

    asOwner("DELETE FROM audit_leaf WHERE leaf >= 600");
    asOwner("DELETE FROM audit_log WHERE id >= 600");
    assertFound("the end was cut off");
  }

  private static void assertFound(String words) {
    assertThatThrownBy(() -> verify(office.getPublic()))
        .isInstanceOf(LogException.class)
        .hasMessageContaining(words);
  }
}
