package org.gridwarden.store.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;

/** The snapshots of a repository. */
public final class Snapshots {
  private Snapshots() {}

  /**
   * All, the oldest first, each with its MAC checked.
   *
   * @throws BackupException where there is no repository, it is another key's, or a snapshot is
   *     damaged: it is named
   */
  public static List<SnapshotHeader> list(Path folder, BackupRecipient recipient)
      throws IOException, BackupException {
    Repository repository = Repository.open(folder.toAbsolutePath().normalize());
    repository.check(recipient);
    List<SnapshotHeader> headers = new ArrayList<>();
    for (Path file : repository.snapshots()) {
      headers.add(open(file, recipient).header());
    }
    return headers;
  }

  static SnapshotFile open(Path file, BackupRecipient recipient)
      throws IOException, BackupException {
    try {
      SnapshotFile opened = SnapshotFile.open(Repository.snapshotBytes(file), recipient);
      if (!file.getFileName().toString().equals(opened.header().name() + Repository.SNAPSHOT)) {
        throw new BackupException("it was another snapshot, and renamed");
      }
      return opened;
    } catch (BackupException e) {
      throw new BackupException("snapshot " + file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  /** The one that is meant: by its name's beginning, or the newest. */
  static SnapshotFile find(Repository repository, BackupRecipient recipient, String name)
      throws IOException, BackupException {
    List<Path> all = repository.snapshots();
    if (all.isEmpty()) {
      throw new BackupException(
          repository.folder() + " holds no snapshot: no backup has come to its end yet");
    }
    if (name.isEmpty()) {
      return open(all.getLast(), recipient);
    }
    List<Path> meant =
        all.stream().filter(f -> f.getFileName().toString().startsWith(name)).toList();
    if (meant.size() != 1) {
      throw new BackupException(
          (meant.isEmpty() ? "there is no snapshot " : "more than one snapshot begins with ")
              + name
              + ": 'gridwarden backup list' names them");
    }
    return open(meant.getFirst(), recipient);
  }

  static Manifest manifest(SnapshotFile file, Chunks.Reader reader)
      throws IOException, BackupException {
    try {
      byte[] about = file.header().name().getBytes(StandardCharsets.US_ASCII);
      return Manifest.decode(
          reader.run(file.header().run()).open(about, file.manifest()), file.chunks().size());
    } catch (BackupException e) {
      throw new BackupException(
          "snapshot " + file.header().name() + ", its list of files: " + e.getMessage(), e);
    }
  }
}
