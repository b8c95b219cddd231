package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.security.backup.BackupRecipient;
import org.gridwarden.store.backup.BackupRun;
import org.gridwarden.store.backup.Progress;
import org.gridwarden.store.backup.Prune;
import org.gridwarden.store.backup.Restore;
import org.gridwarden.store.backup.Retention;
import org.gridwarden.store.backup.Snapshots;
import org.gridwarden.store.backup.Verify;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackupIT {
  private static final MeterId METER = new MeterId("B1");
  private static final Instant FIRST = Instant.parse("2026-03-01T00:00:00Z");

  private Path folder = Path.of("");
  private Path data = Path.of("");
  private Path repository = Path.of("");
  private Path keyFile = Path.of("");
  private Path recipientFile = Path.of("");

  @BeforeEach
  void makeFolders() throws Exception {
    folder = Files.createTempDirectory("gridwarden-backup");
    data = folder.resolve("office");
    repository = folder.resolve("backups");
    keyFile = folder.resolve("backup.key");
    recipientFile = folder.resolve("backup.recipient");
    BackupKey.create(keyFile, recipientFile, passphrase("correct horse battery"));
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(folder);
  }

  @Test
  @DisplayName(
      "C38: what was acknowledged before a backup's end is there after a restore, though intake"
          + " went on; a small change makes a small increment")
  void underLoad() throws Exception {
    Map<Integer, Instant> acknowledged = new ConcurrentHashMap<>();
    BackupRun.Result first;
    BackupRun.Result second;
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      Files.createDirectories(data.resolve("keys"));
      Files.writeString(data.resolve("keys/office-key.pem"), "a key");
      AtomicBoolean stop = new AtomicBoolean();
      Thread load = Thread.ofPlatform().start(() -> load(store, acknowledged, stop));
      await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > 20);
      first = backup();
      stop.set(true);
      load.join();
      assertThat(first.damages()).isEmpty();
      assertThat(store.intake().commit(List.of(message(1_000_000))))
          .containsExactly(new Outcome.Stored());
      second = backup();
    }
    assertThat(first.snapshot().newBytes()).isGreaterThan(1L << 20);
    assertThat(second.snapshot().newBytes())
        .as("%s then %s", first.snapshot(), second.snapshot())
        .isLessThan(first.snapshot().newBytes() / 5);

    Set<Integer> before = new HashSet<>();
    acknowledged.forEach((n, at) -> {
      if (at.isBefore(first.snapshot().ended())) {
        before.add(n);
      }
    });
    assertThat(before).hasSizeGreaterThan(20);
    Path restored = folder.resolve("restored");
    new Restore(repository, key(), InstantSource.system(), Progress.NONE)
        .into(first.snapshot().name(), restored);
    assertThat(stored(restored)).containsAll(before).doesNotContain(1_000_000);
    assertThat(restored.resolve("keys/office-key.pem")).hasContent("a key");
    assertThat(Files.getPosixFilePermissions(restored.resolve("keys/office-key.pem"))).hasSize(2);
    assertThat(restored.resolve("postgresql/postgresql.log")).exists(); // its own, made anew
    Path later = folder.resolve("later");
    new Restore(repository, key(), InstantSource.system(), Progress.NONE).into("", later);
    assertThat(stored(later)).containsAll(acknowledged.keySet()).contains(1_000_000);
  }

  @Test
  @DisplayName(
      "C38: kill -9 amid a backup leaves nothing that counts, the next backup goes on from it, and"
          + " prune clears the rest; the database forgets the dead backup")
  void killed() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      Process backup = backupProcess();
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> files(repository.resolve("chunks")).size() > 40 || !backup.isAlive());
      assertThat(backup.isAlive()).as("killed before its end").isTrue();
      backup.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
      assertThat(Snapshots.list(repository, recipient())).isEmpty();
      int left = files(repository.resolve("chunks")).size();
      BackupRun.Result whole = backup();
      assertThat(whole.snapshot().newChunks())
          .isLessThan(files(repository.resolve("chunks")).size() - left / 2);
      Files.createFile(repository.resolve("chunks/" + "ab.part"));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> number(store, "SELECT count(*) FROM pg_replication_slots") == 0);
      assertThat(new Verify(repository, key(), Progress.NONE).run(false, folder).unfinished())
          .isPositive();
      Prune.Result pruned =
          Prune.run(repository, recipient(), new Retention(1, 0, 0, 0), ZoneOffset.UTC, false);
      assertThat(pruned.chunks()).isPositive();
      Verify.Result verified = new Verify(repository, key(), Progress.NONE).run(true, folder);
      assertThat(verified.findings()).isEmpty();
      assertThat(verified.unfinished()).isZero();
      assertThat(verified.rows().get("meter")).isEqualTo(1);
      assertThat(verified.pages()).isGreaterThan(500);
    }
  }

  @Test
  @DisplayName(
      "S9: a bit that is another anywhere in the repository is found by verify and named, and"
          + " nothing half restored is left")
  void flippedBits() throws Exception {
    Store.open(StoreSettings.embedded(data)).close();
    backup();
    BackupKey key = key();
    List<Path> all = new ArrayList<>(files(repository));
    all.removeIf(f -> f.endsWith(".lock"));
    Random random = new Random(5);
    java.util.Collections.shuffle(all, random);
    List<Path> tried = new ArrayList<>(all.subList(0, 12));
    all.stream().filter(f -> !f.toString().contains("/chunks/")).forEach(tried::add);
    for (Path file : new HashSet<>(tried)) {
      byte[] was = Files.readAllBytes(file);
      byte[] now = was.clone();
      now[random.nextInt(now.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, now);
      String found;
      try {
        found =
            String.join(
                "; ", new Verify(repository, key, Progress.NONE).run(false, folder).findings());
      } catch (BackupException e) {
        found = e.getMessage();
      }
      assertThat(found).contains(file.getFileName().toString().replace(".snapshot", ""));
      Files.write(file, was);
    }
    assertThat(new Verify(repository, key, Progress.NONE).run(false, folder).findings()).isEmpty();

    for (Path chunk : files(repository.resolve("chunks"))) {
      byte[] bytes = Files.readAllBytes(chunk);
      bytes[bytes.length - 1] ^= 1;
      Files.write(chunk, bytes);
    }
    Path into = folder.resolve("restored");
    assertThatThrownBy(() ->
            new Restore(repository, key, InstantSource.system(), Progress.NONE).into("", into))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("it was changed since it was written");
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("office", "backups", "backup.key", "backup.recipient");
    }
  }

  @Test
  @DisplayName("a wrong passphrase, key or folder is one clear line, and nothing is written over")
  void refused() throws Exception {
    Store.open(StoreSettings.embedded(data)).close();
    assertThat(backup().snapshot().schema()).isNotEmpty();
    assertThatThrownBy(() -> BackupKey.open(keyFile, passphrase("correct horse batterY")))
        .hasMessageContaining("the passphrase is another one");
    Path otherKey = folder.resolve("other.key");
    Path otherRecipient = folder.resolve("other.recipient");
    BackupKey.create(otherKey, otherRecipient, passphrase("another passphrase"));
    BackupKey other = BackupKey.open(otherKey, passphrase("another passphrase"));
    assertThatThrownBy(() -> new Restore(repository, other, InstantSource.system(), Progress.NONE))
        .hasMessageContaining("for another key than " + other.recipient().id());
    assertThatThrownBy(() ->
            new BackupRun(
                    data,
                    repository,
                    BackupRecipient.read(otherRecipient),
                    List.of(),
                    InstantSource.system(),
                    Progress.NONE)
                .run())
        .hasMessageContaining("for another key");
    assertThatThrownBy(() ->
            new Restore(repository, key(), InstantSource.system(), Progress.NONE).into("", data))
        .hasMessageContaining("is not empty");
    assertThatThrownBy(() ->
            new Restore(repository, key(), InstantSource.system(), Progress.NONE)
                .into("2019", folder.resolve("new")))
        .hasMessageContaining("there is no snapshot 2019");
    assertThatThrownBy(() -> Snapshots.list(folder.resolve("nowhere"), recipient()))
        .hasMessageContaining("holds no backups");
    assertThatThrownBy(() ->
            new BackupRun(
                    data,
                    data.resolve("backups"),
                    recipient(),
                    List.of(),
                    InstantSource.system(),
                    Progress.NONE)
                .run())
        .hasMessageContaining("lies in the data folder");
  }

  @Test
  @DisplayName("C18, C30: nothing of the office can be read in a repository without the key")
  void nothingInTheClear() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, new MeterId("CANARY-METER-7"));
      Files.createDirectories(data.resolve("keys"));
      Files.writeString(data.resolve("keys/secret"), "CANARY-SECRET-7".repeat(100));
      backup();
    }
    for (Path file : files(repository)) {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertThat(content).doesNotContain("CANARY").doesNotContain("keys/secret");
    }
    // a chunk's name is no plain hash of its content
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest("CANARY-SECRET-7".repeat(100).getBytes(StandardCharsets.US_ASCII));
    assertThat(files(repository).stream().map(f -> f.getFileName().toString()))
        .doesNotContain(java.util.HexFormat.of().formatHex(digest));
  }

  private void load(Store store, Map<Integer, Instant> acknowledged, AtomicBoolean stop) {
    for (int n = 1; !stop.get(); n++) {
      assertThat(store.intake().commit(List.of(message(n)))).containsExactly(new Outcome.Stored());
      acknowledged.put(n, Instant.now());
    }
  }

  private static org.gridwarden.core.Received message(int n) {
    Instant start = FIRST.plus(Duration.ofMinutes(15L * (n % 500_000)));
    return counted(METER, n, slots(METER, slot(start.toString(), n)));
  }

  private static Set<Integer> stored(Path data) {
    Set<Integer> values = new HashSet<>();
    try (Store store = Store.open(StoreSettings.embedded(data));
        var slots = store.readings().slots(METER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
      slots.forEach(s -> values.add((int) s.value().raw()));
    }
    return values;
  }

  private BackupRun.Result backup() throws IOException, BackupException {
    return new BackupRun(
            data, repository, recipient(), List.of(), InstantSource.system(), Progress.NONE)
        .run();
  }

  private Process backupProcess() throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            BackupMain.class.getName(),
            data.toString(),
            repository.toString(),
            recipientFile.toString())
        .inheritIO()
        .start();
  }

  private BackupRecipient recipient() throws IOException, BackupException {
    return BackupRecipient.read(recipientFile);
  }

  private BackupKey key() throws IOException, BackupException {
    return BackupKey.open(keyFile, passphrase("correct horse battery"));
  }

  private static Secret passphrase(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  private static long number(Store store, String sql) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    } catch (java.io.UncheckedIOException e) {
      return List.of(); // a file that was renamed meanwhile
    }
  }
}
