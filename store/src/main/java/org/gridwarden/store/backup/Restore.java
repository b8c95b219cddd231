package org.gridwarden.store.backup;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupKey;

/**
 * Brings a snapshot back into a new folder: beside it first, and moved to its name when all of it
 * is there and on the disk. One restore each; not thread-safe.
 */
public final class Restore {
  private final Repository repository;
  private final BackupKey key;
  private final InstantSource clock;
  private final Progress progress;
  private final List<Path> written = new ArrayList<>();
  private long files;
  private long bytes;

  /**
   * @param folder the repository's
   * @throws BackupException where it holds no backups, or another key's
   */
  public Restore(Path folder, BackupKey key, InstantSource clock, Progress progress)
      throws IOException, BackupException {
    this.repository = Repository.open(folder.toAbsolutePath().normalize());
    this.repository.check(key.recipient());
    this.key = key;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * Restores.
   *
   * @param snapshot its name or the beginning of it; empty for the newest
   * @param into a folder that is not there, or is empty
   * @return the snapshot's header
   * @throws BackupException where the folder holds something, the snapshot is not there, or
   *     something of it is damaged; nothing is left behind then
   */
  public SnapshotHeader into(String snapshot, Path into) throws IOException, BackupException {
    Path target = into.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      if (!Files.isDirectory(target)) {
        throw new BackupException(target + " is no folder: name a new one");
      }
      try (Stream<Path> all = Files.list(target)) {
        if (all.findAny().isPresent()) {
          throw new BackupException(
              target + " is not empty: name a new folder; nothing is ever written over");
        }
      }
    }
    Path parent = target.getParent();
    if (parent == null) {
      throw new BackupException(target + " cannot be restored into: name a folder");
    }
    SnapshotFile file = Snapshots.find(repository, key.recipient(), snapshot);
    Files.createDirectories(parent);
    Path fresh = Files.createTempDirectory(parent, "." + target.getFileName() + ".restoring-");
    boolean done = false;
    try {
      write(file, fresh);
      SnapshotHeader header = file.header();
      new RestoredMark(
              UUID.randomUUID(), header.epoch(), header.name(), header.ended(), clock.instant())
          .write(fresh);
      Repository.force(fresh);
      Files.deleteIfExists(target);
      Files.move(fresh, target, ATOMIC_MOVE);
      Repository.force(parent);
      done = true;
      return header;
    } finally {
      if (!done) {
        remove(fresh);
      }
    }
  }

  /** Writes a snapshot's files below a folder. */
  void write(SnapshotFile file, Path folder) throws IOException, BackupException {
    Chunks.Reader reader = new Chunks.Reader(repository, key);
    SecretFiles.folder(folder);
    for (Manifest.Entry entry : Snapshots.manifest(file, reader).entries()) {
      Path path = folder.resolve(entry.path());
      if (entry.folder()) {
        SecretFiles.folder(path);
        written.add(path);
      } else {
        write(file, entry, path, reader);
        files++;
        progress.at(files, bytes, 0);
      }
    }
    force();
  }

  private void write(SnapshotFile file, Manifest.Entry entry, Path path, Chunks.Reader reader)
      throws IOException, BackupException {
    Path parent = path.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      SecretFiles.folder(parent);
    }
    try (FileChannel out =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      for (int place : entry.chunks()) {
        ChunkName name = file.chunks().get(place);
        byte[] plain;
        try {
          plain = reader.open(name);
        } catch (BackupException e) {
          throw new BackupException(
              "chunk "
                  + name
                  + " of "
                  + entry.path()
                  + ": "
                  + e.getMessage()
                  + "; try an older snapshot, or another copy of the backups",
              e);
        }
        ByteBuffer left = ByteBuffer.wrap(plain);
        while (left.hasRemaining()) {
          out.write(left);
        }
        bytes += plain.length;
        progress.at(files, bytes, 0);
      }
      if (out.size() != entry.size()) {
        throw new BackupException(entry.path() + " has not the size that the snapshot says");
      }
    }
    written.add(path);
  }

  /** Forces all that was written to the disk, many at once: one by one takes a disk's time each. */
  private void force() throws IOException {
    ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
    try (ExecutorService forcing = Executors.newFixedThreadPool(16)) {
      for (Path path : written) {
        forcing.execute(() -> {
          try {
            Repository.force(path);
          } catch (IOException e) {
            failures.add(e);
          }
        });
      }
    }
    IOException first = failures.peek();
    if (first != null) {
      throw first;
    }
  }

  static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepest = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepest) {
        Files.deleteIfExists(path);
      }
    }
  }
}
