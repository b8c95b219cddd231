package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;
import org.gridwarden.store.DatabaseCopy;
import org.gridwarden.store.TrialDatabase;

/**
 * Reads a repository whole: every snapshot, every chunk, the keys of the runs, and PostgreSQL's own
 * checksums in the pages that are restored. Changes nothing. One verification each; not
 * thread-safe.
 */
public final class Verify {
  private static final int FILES_NAMED = 3;

  private final Repository repository;
  private final BackupKey key;
  private final Progress progress;
  private final List<String> findings = new ArrayList<>();
  private final Map<ChunkName, String> damaged = new HashMap<>();
  private final Set<ChunkName> read = new HashSet<>();
  private long files;
  private long bytes;
  private long pages;

  /**
   * @param folder the repository's
   * @throws BackupException where it holds no backups, or another key's
   */
  public Verify(Path folder, BackupKey key, Progress progress) throws IOException, BackupException {
    this.repository = Repository.open(folder.toAbsolutePath().normalize());
    this.repository.check(key.recipient());
    this.key = key;
    this.progress = progress;
  }

  /**
   * What was found.
   *
   * @param snapshots how many snapshots there are
   * @param chunks how many chunks were read
   * @param bytes of them, before compression
   * @param pages how many pages of the database were held against their checksums
   * @param findings what is not as it was written, and what it is needed for; empty where all is
   *     well
   * @param unfinished files that a run that was cut off left; prune clears them
   * @param rows of a deep verification: how many rows the tables of the newest snapshot hold
   */
  public record Result(
      long snapshots,
      long chunks,
      long bytes,
      long pages,
      List<String> findings,
      long unfinished,
      Map<String, Long> rows) {
    public Result {
      findings = List.copyOf(findings);
      rows = new LinkedHashMap<>(rows);
    }
  }

  /**
   * Verifies.
   *
   * @param deep whether the newest snapshot's database is started on a copy of it, too, and counted
   * @param scratch where that copy is made; it is taken away again
   */
  public Result run(boolean deep, Path scratch) throws IOException, BackupException {
    Chunks.Reader reader = new Chunks.Reader(repository, key);
    List<Path> snapshots = repository.snapshots();
    Map<ChunkName, List<String>> needs = new HashMap<>();
    for (Path path : snapshots) {
      try {
        snapshot(Snapshots.open(path, key.recipient()), reader, needs);
      } catch (BackupException e) {
        findings.add(String.valueOf(e.getMessage()));
      }
    }
    long unfinished = loose(reader);
    damaged.forEach((name, why) -> {
      List<String> needed = needs.getOrDefault(name, List.of());
      findings.add(
          "chunk "
              + name
              + ": "
              + why
              + (needed.isEmpty() ? " (no snapshot needs it)" : "; needed by " + few(needed)));
    });
    for (Path run : repository.files("runs")) {
      String id = run.getFileName().toString();
      if (!id.endsWith(Repository.PART)) {
        try {
          reader.run(id);
        } catch (BackupException e) {
          findings.add("runs/" + id + ": " + e.getMessage());
        }
      }
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    if (deep && findings.isEmpty() && !snapshots.isEmpty()) {
      SnapshotFile newest = Snapshots.find(repository, key.recipient(), "");
      if (newest.header().database() == SnapshotHeader.Database.EMBEDDED) {
        rows.putAll(start(newest, scratch));
      }
    }
    return new Result(snapshots.size(), read.size(), bytes, pages, findings, unfinished, rows);
  }

  private void snapshot(SnapshotFile file, Chunks.Reader reader, Map<ChunkName, List<String>> needs)
      throws IOException, BackupException {
    Manifest manifest = Snapshots.manifest(file, reader);
    String cluster = "postgresql/data/";
    long start = -1;
    for (Manifest.Entry entry : manifest.entries()) {
      if (entry.path().equals(cluster + "backup_label") && entry.chunks().length == 1) {
        ChunkName name = file.chunks().get(entry.chunks()[0]);
        try {
          start = DatabaseCopy.startOf(reader.open(name));
        } catch (BackupException e) {
          damaged.put(name, String.valueOf(e.getMessage()));
        }
      }
    }
    for (Manifest.Entry entry : manifest.entries()) {
      String words = entry.path() + " in " + file.header().name();
      long at = 0;
      long size = 0;
      for (int place : entry.chunks()) {
        ChunkName name = file.chunks().get(place);
        List<String> users = needs.computeIfAbsent(name, n -> new ArrayList<>(2));
        if (users.size() <= FILES_NAMED) {
          users.add(words);
        }
        if (read.contains(name)) {
          // held already: a chunk is its content, and a page's number is checked where it first
          // stood
          size += damaged.containsKey(name) ? 0 : Chunks.SIZE;
          at += Chunks.SIZE;
          continue;
        }
        byte[] plain = chunk(name, reader);
        size += plain.length;
        if (entry.path().startsWith(cluster)) {
          Path relation = Path.of(entry.path().substring(cluster.length()));
          int bad = DatabaseCopy.damaged(relation, at, plain, start);
          pages += entry.path().startsWith(cluster + "base") ? plain.length / 8_192 : 0;
          if (bad > 0) {
            findings.add(
                bad
                    + " pages of "
                    + words
                    + " do not match their checksums: they were damaged on"
                    + " the disk before they were backed up");
          }
        }
        at += Chunks.SIZE;
      }
      files++;
      progress.at(files, bytes, 0);
    }
  }

  /** Chunks that no snapshot needs are read, too; what a crash left is counted. */
  private long loose(Chunks.Reader reader) throws IOException {
    long unfinished = 0;
    for (Path file : repository.files("chunks")) {
      String name = file.getFileName().toString();
      if (name.endsWith(Repository.PART)) {
        unfinished++;
      } else if (name.matches("[0-9a-f]{64}")) {
        ChunkName chunk = new ChunkName(java.util.HexFormat.of().parseHex(name));
        if (!read.contains(chunk)) {
          chunk(chunk, reader);
          progress.at(files, bytes, 0);
        }
      } else {
        findings.add("chunks/" + name + " is nothing that a backup wrote");
      }
    }
    return unfinished;
  }

  private byte[] chunk(ChunkName name, Chunks.Reader reader) throws IOException {
    read.add(name);
    try {
      byte[] plain = reader.open(name);
      bytes += plain.length;
      return plain;
    } catch (BackupException e) {
      damaged.put(name, String.valueOf(e.getMessage()));
      return new byte[0];
    }
  }

  private Map<String, Long> start(SnapshotFile newest, Path scratch)
      throws IOException, BackupException {
    Path folder = Files.createTempDirectory(scratch, "gridwarden-verify-");
    try {
      new Restore(repository.folder(), key, InstantSource.system(), Progress.NONE)
          .write(newest, folder);
      return TrialDatabase.count(folder);
    } finally {
      Restore.remove(folder);
    }
  }

  private static String few(List<String> needed) {
    return String.join(", ", needed.subList(0, Math.min(needed.size(), FILES_NAMED)))
        + (needed.size() > FILES_NAMED ? " and others" : "");
  }
}
