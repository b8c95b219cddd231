package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;

/**
 * Clears a repository: snapshots that are not kept, chunks that no snapshot names any more, and
 * what a crash left. It needs no key that reads backups. Snapshots go first: a crash in between
 * leaves chunks too many, never too few.
 */
public final class Prune {
  private Prune() {}

  /**
   * What was cleared.
   *
   * @param kept the snapshots that are left, the oldest first
   * @param removed the snapshots that went
   * @param chunks how many chunks and remnants went
   * @param bytes how many bytes they had
   */
  public record Result(
      List<SnapshotHeader> kept, List<SnapshotHeader> removed, long chunks, long bytes) {
    public Result {
      kept = List.copyOf(kept);
      removed = List.copyOf(removed);
    }
  }

  /**
   * Clears.
   *
   * @param dry true only tells what would go
   * @throws BackupException where a snapshot is damaged: then it is not known what it needs, and
   *     nothing is cleared
   */
  public static Result run(
      Path folder, BackupRecipient recipient, Retention retention, ZoneId zone, boolean dry)
      throws IOException, BackupException {
    Repository repository = Repository.open(folder.toAbsolutePath().normalize());
    repository.check(recipient);
    try (var _ = repository.hold()) {
      List<SnapshotFile> all = new ArrayList<>();
      for (Path file : repository.snapshots()) {
        all.add(Snapshots.open(file, recipient));
      }
      Set<SnapshotHeader> keep =
          retention.keep(all.stream().map(SnapshotFile::header).toList(), zone);
      List<SnapshotHeader> kept = new ArrayList<>();
      List<SnapshotHeader> removed = new ArrayList<>();
      Set<String> needed = new HashSet<>();
      for (SnapshotFile file : all) {
        if (keep.contains(file.header())) {
          kept.add(file.header());
          file.chunks().forEach(name -> needed.add(name.toString()));
        } else {
          removed.add(file.header());
        }
      }
      Path snapshots = repository.folder().resolve("snapshots");
      if (!dry) {
        for (SnapshotHeader header : removed) {
          Files.delete(snapshots.resolve(header.name() + Repository.SNAPSHOT));
        }
        Repository.force(snapshots);
      }
      long chunks = 0;
      long bytes = 0;
      List<Path> candidates = new ArrayList<>(repository.files("chunks"));
      for (String part : List.of("snapshots", "runs")) {
        repository.files(part).stream()
            .filter(f -> f.getFileName().toString().endsWith(Repository.PART))
            .forEach(candidates::add);
      }
      for (Path file : candidates) {
        if (!needed.contains(file.getFileName().toString())) {
          chunks++;
          bytes += Files.size(file);
          if (!dry) {
            Files.delete(file);
          }
        }
      }
      return new Result(kept, removed, chunks, bytes);
    }
  }
}
