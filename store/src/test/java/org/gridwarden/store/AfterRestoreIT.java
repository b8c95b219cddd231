package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Tx;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.LogVerifier;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Progress;
import org.gridwarden.store.backup.Restore;
import org.gridwarden.store.backup.RestoredMark;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AfterRestoreIT {
  private static final MeterId METER = new MeterId("C1");
  private static final byte[] OLD = {1};
  private static final byte[] UNUSED = {2};
  private static final byte[] SEAL = "seal/\1".getBytes(StandardCharsets.US_ASCII);

  private Path folder = Path.of("");
  private Path data = Path.of("");
  private Path repository = Path.of("");

  @BeforeEach
  void makeFolders() throws Exception {
    folder = Files.createTempDirectory("gridwarden-restored");
    data = folder.resolve("office");
    repository = folder.resolve("backups");
    BackupKey.create(
        folder.resolve("backup.key"), folder.resolve("backup.recipient"), passphrase());
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(folder);
  }

  @Test
  @DisplayName(
      "C2: kill -9, an old backup restored: no counter comes twice under a key, neither of keys in"
          + " use when it was taken, nor of keys used first since; restored twice, neither")
  void noCounterTwice() throws Exception {
    Set<String> used = new HashSet<>();
    Store store = Store.open(StoreSettings.embedded(data));
    try {
      SharedStore.register(store, METER);
      key(store, UNUSED);
      use(store, OLD, 64, used);
      use(store, SEAL, 1, used);
      backup();
      // as fast as is allowed, and some keys for the first time
      for (int i = 0; i < 90; i++) {
        use(store, OLD, 640, used);
      }
      use(store, UNUSED, 64, used);
      use(store, SEAL, 1, used);
      ProcessHandle postgres =
          ProcessHandle.of(store.databaseProcess().orElseThrow()).orElseThrow();
      postgres.destroyForcibly();
      postgres.onExit().get(20, TimeUnit.SECONDS);
    } finally {
      store.close();
    }
    for (String into : List.of("first", "second")) {
      restore(folder.resolve(into));
      try (Store again = Store.open(StoreSettings.embedded(folder.resolve(into)))) {
        for (byte[] key : List.of(OLD, UNUSED, SEAL)) {
          use(again, key, 64, used);
        }
      }
      // killed after it had moved on, started again: once is enough
      try (Store again = Store.open(StoreSettings.embedded(folder.resolve(into)))) {
        use(again, OLD, 64, used);
        assertThat(again.epochs().all()).hasSize(2);
        assertThat(again.epochs().toRotate()).isEmpty();
        assertThat(
                number(
                    again, "SELECT count(*) FROM audit_log WHERE action =" + " 'office.restored'"))
            .isEqualTo(1);
      }
    }
  }

  @Test
  @DisplayName(
      "C2, C4: a key whose unsigned 32-bit counter cannot jump far enough is used no more, and its"
          + " meter is listed; 64-bit counters go on")
  void exhausted() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      store.sendCounter().reserve(METER, OLD, 1);
      store.sendCounter().reserve(METER, SEAL, 1);
      execute(store, "UPDATE send_counter SET next = 4294960000");
      backup();
    }
    restore(folder.resolve("again"));
    try (Store store = Store.open(StoreSettings.embedded(folder.resolve("again")))) {
      assertThat(store.epochs().toRotate()).containsExactly(METER);
      assertThatThrownBy(() -> store.sendCounter().reserve(METER, OLD, 1))
          .hasMessageContaining("change its keys");
      assertThat(store.sendCounter().reserve(METER, SEAL, 1)).isGreaterThan(4_294_967_296L);
    }
  }

  @Test
  @DisplayName("C2: counters are not given out faster than a restore reckons with")
  void allowance() throws Exception {
    long[] millis = {Instant.parse("2026-03-01T00:00:00Z").toEpochMilli()};
    try (Store store =
        Store.open(StoreSettings.embedded(data), () -> Instant.ofEpochMilli(millis[0]))) {
      int most = (int) (CounterAllowance.PER_SECOND * CounterAllowance.BURST.toSeconds());
      long given = 0;
      for (int i = 0; i < most / 10_000; i++) {
        store.sendCounter().reserve(METER, OLD, 10_000);
        given += 10_000;
      }
      assertThatThrownBy(() -> store.sendCounter().reserve(METER, OLD, 1))
          .hasMessageContaining("faster than");
      millis[0] += 1_000;
      given += 100;
      assertThat(store.sendCounter().reserve(METER, OLD, 100)).isEqualTo(given - 100);
      assertThatThrownBy(() -> store.sendCounter().reserve(METER, OLD, 1))
          .hasMessageContaining("faster than");
      assertThat(CounterAllowance.jump(Instant.ofEpochMilli(millis[0] - 1_000), clock(millis)))
          .isGreaterThanOrEqualTo(2 * given);
    }
  }

  @Test
  @DisplayName("C2: a clock that is before the backup's time stops the start, with the remedy")
  void clockBefore() throws Exception {
    Store.open(StoreSettings.embedded(data)).close();
    backup();
    restore(folder.resolve("again"));
    assertThatThrownBy(() ->
            Store.open(
                StoreSettings.embedded(folder.resolve("again")),
                () -> Instant.parse("2020-01-01T00:00:00Z")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("set the clock");
  }

  @Test
  @DisplayName("C2, C9: commands that were under way when the backup was taken are in doubt")
  void commandsInDoubt() throws Exception {
    UUID queued = UUID.randomUUID();
    UUID sent = UUID.randomUUID();
    UUID drafted = UUID.randomUUID();
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      for (var c :
          List.of(List.of(queued, "QUEUED"), List.of(sent, "SENT"), List.of(drafted, "DRAFTED"))) {
        execute(
            store,
            "INSERT INTO command (id, drafted, not_before, expires, due, meter, feeder, word,"
                + " parameters, reason, drafted_by, state, switching) VALUES ('"
                + c.get(0)
                + "', now(), now(), now() + interval '1 day', now(), 'C1', '', 'disconnect', '',"
                + " 'r', 'olga', '"
                + c.get(1)
                + "', true)");
      }
      backup();
    }
    restore(folder.resolve("again"));
    try (Store store = Store.open(StoreSettings.embedded(folder.resolve("again")))) {
      String state = "SELECT string_agg(state, ' ' ORDER BY state) FROM command";
      assertThat(text(store, state)).isEqualTo("DRAFTED IN_DOUBT IN_DOUBT");
      assertThat(
              number(
                  store,
                  "SELECT count(*) FROM command_step WHERE state = 'IN_DOUBT' AND actor ="
                      + " 'restore'"))
          .isEqualTo(2);
      assertThat(number(store, "SELECT count(*) FROM audit_log WHERE action = 'command.in_doubt'"))
          .isEqualTo(2);
    }
  }

  @Test
  @DisplayName(
      "C26: the restored log's first entry says so; with the office's declaration the witness's"
          + " larger tree is explained, without it, or where the past was edited, it is not")
  void auditLogGoesOn() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    List<Checkpoint> witness = new ArrayList<>();
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      append(store, "one");
      append(store, "two");
      witness.add(sign(store, pair, store.auditTree().grow()));
      append(store, "not in the tree yet");
      backup();
      append(store, "four");
      witness.add(sign(store, pair, store.auditTree().grow()));
      append(store, "five");
      witness.add(sign(store, pair, store.auditTree().grow()));
    }
    restore(folder.resolve("again"));
    RestoredMark mark = RestoredMark.find(folder.resolve("again")).orElseThrow();
    try (OfficeKey office = OfficeKey.open(folder.resolve("keys"));
        Store store = Store.open(StoreSettings.embedded(folder.resolve("again")))) {
      LogKey key = LogKey.open(folder.resolve("keys"), office);
      Epochs.Epoch epoch = store.epochs().all().getLast();
      assertThat(epoch.epoch()).isEqualTo(mark.epoch());
      assertThat(epoch.auditSize()).isEqualTo(2);
      SignedCheckpoint declared =
          key.signRestored(
              epoch.auditSize(), store.auditTree().root(epoch.auditSize()), Instant.now());
      assertThat(declared.checkpoint().restored()).isTrue();
      append(store, "after");
      long size = store.auditTree().grow();
      List<org.gridwarden.security.audit.LogEntry> entries = new ArrayList<>();
      store.auditTree().walk((leaf, entry) -> entries.add(entry.orElseThrow()));
      assertThat(entries.get(2).action()).isEqualTo("office.restored");
      assertThat(new String(entries.get(2).detail(), StandardCharsets.UTF_8))
          .contains(mark.snapshot(), "after entry 2");
      assertThat(entries.get(3).action()).isEqualTo("not in the tree yet");

      List<Checkpoint> all = new ArrayList<>(witness);
      all.add(declared.checkpoint());
      all.add(sign(store, pair, size));
      LogVerifier verifier = new LogVerifier(all);
      for (var entry : entries) {
        verifier.add(entry);
      }
      assertThat(verifier.end()).isZero();
      assertThat(verifier.restores())
          .singleElement()
          .satisfies(r -> {
            assertThat(r.size()).isEqualTo(2);
            assertThat(r.lost()).isEqualTo(3);
          });

      // no declaration: what the witness saw is gone, and that is found
      List<Checkpoint> undeclared = new ArrayList<>(witness);
      assertThatThrownBy(
              () -> {
                LogVerifier strict = new LogVerifier(undeclared);
                for (var entry : entries) {
                  strict.add(entry);
                }
                var unused = strict.end();
              })
          .isInstanceOf(LogException.class);
      // declared, but what was brought back is not what was signed
      List<org.gridwarden.security.audit.LogEntry> edited = new ArrayList<>(entries);
      edited.set(0, entries.get(1));
      assertThatThrownBy(
              () -> {
                LogVerifier strict = new LogVerifier(all);
                for (var entry : edited) {
                  strict.add(entry);
                }
              })
          .isInstanceOf(LogException.class)
          .hasMessageContaining("between entries 1 and 2");
      // and a checkpoint of the old life that is younger than the restore: the old office goes on
      List<Checkpoint> split = new ArrayList<>(all);
      split.add(
          new Checkpoint(
              "log", 5, store.auditTree().root(2), Instant.now().plus(Duration.ofHours(1))));
      assertThatThrownBy(
              () -> {
                LogVerifier strict = new LogVerifier(split);
                for (var entry : entries) {
                  strict.add(entry);
                }
              })
          .isInstanceOf(LogException.class);
    }
  }

  private static Checkpoint sign(Store store, KeyPair pair, long size) {
    return SignedCheckpoint.sign(
            new Checkpoint("log", size, store.auditTree().root(size), Instant.now()),
            pair.getPrivate())
        .checkpoint();
  }

  private static void append(Store store, String action) {
    Function<Tx, Long> work =
        tx -> store.auditLog().append(tx, Actor.system("test"), action, new byte[0]);
    var unused = store.unitOfWork().call(work);
  }

  private static void use(Store store, byte[] key, int block, Set<String> used) {
    // just after a restore nothing of the allowance is saved up: the first block takes a moment
    long first =
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsMatching(e -> String.valueOf(e.getMessage()).contains("try again"))
            .until(() -> store.sendCounter().reserve(METER, key, block), n -> n >= 0);
    for (long n = first; n < first + block; n++) {
      assertThat(used.add(new String(key, StandardCharsets.ISO_8859_1) + "/" + n))
          .as("counter %s comes twice", n)
          .isTrue();
    }
  }

  private static void key(Store store, byte[] id) throws Exception {
    execute(
        store,
        "INSERT INTO meter_key (meter, purpose, key_id, local) SELECT id, 0, '\\x0"
            + id[0]
            + "', '\\x00' FROM meter");
  }

  private static Instant clock(long[] millis) {
    return Instant.ofEpochMilli(millis[0]);
  }

  private void backup() throws Exception {
    var unused =
        new BackupRun(
                data,
                repository,
                BackupRecipient.read(folder.resolve("backup.recipient")),
                List.of(),
                InstantSource.system(),
                Progress.NONE)
            .run();
  }

  private void restore(Path into) throws Exception {
    try (Secret secret = passphrase()) {
      var unused =
          new Restore(
                  repository,
                  BackupKey.open(folder.resolve("backup.key"), secret),
                  InstantSource.system(),
                  Progress.NONE)
              .into("", into);
    }
  }

  private static Secret passphrase() {
    return new Secret("correct horse battery".getBytes(StandardCharsets.UTF_8));
  }

  private static void execute(Store store, String sql) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private static String text(Store store, String sql) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }

  private static long number(Store store, String sql) throws Exception {
    return Long.parseLong(text(store, sql));
  }
}
