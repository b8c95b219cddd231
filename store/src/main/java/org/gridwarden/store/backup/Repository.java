package org.gridwarden.store.backup;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.backup.BackupException;
import org.gridwarden.security.backup.BackupRecipient;

/**
 * A folder of backups. {@code chunks/} holds enciphered parts of files, each called by its keyed
 * hash, so that what is there is not written again; {@code runs/} the keys they are enciphered
 * under, wrapped; {@code snapshots/} what counts. Every file appears whole, forced to the disk, and
 * is never changed; what is called {@code .part} is a crash's and does not count. One process at a
 * time writes; reading needs no lock.
 */
final class Repository {
  static final String SNAPSHOT = ".snapshot";
  static final String PART = ".part";
  private static final String IDENTITY = "gridwarden-backups";
  private static final String MAGIC = "gridwarden backups 1, for the key ";
  private static final int LONGEST_CHUNK = 4 << 20;
  private static final long LONGEST_SNAPSHOT = 1L << 30;

  private final Path folder;

  private Repository(Path folder) {
    this.folder = folder;
  }

  /**
   * An existing one.
   *
   * @throws BackupException where there is none
   */
  static Repository open(Path folder) throws BackupException {
    if (!Files.isRegularFile(folder.resolve(IDENTITY))) {
      throw new BackupException(
          folder + " holds no backups (it has no file " + IDENTITY + "): name another folder");
    }
    return new Repository(folder);
  }

  /**
   * One to write to; made where the folder is empty or not there.
   *
   * @throws BackupException where it is something else's folder, or another key's backups
   */
  static Repository prepare(Path folder, BackupRecipient recipient)
      throws IOException, BackupException {
    Path identity = folder.resolve(IDENTITY);
    if (!Files.exists(identity)) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> all = Files.list(folder)) {
          if (all.anyMatch(f -> !f.getFileName().toString().startsWith("."))) {
            throw new BackupException(
                folder + " holds something else than backups: name an empty or a new folder");
          }
        }
      }
      SecretFiles.folder(folder);
      for (String part : List.of("chunks", "runs", "snapshots")) {
        SecretFiles.folder(folder.resolve(part));
      }
      SecretFiles.write(identity, identity(recipient));
    }
    Repository repository = new Repository(folder);
    repository.check(recipient);
    return repository;
  }

  /**
   * Whether it is a key's.
   *
   * @throws BackupException where it is another one's, or its identity was changed
   */
  void check(BackupRecipient recipient) throws IOException, BackupException {
    byte[] is = Files.readAllBytes(folder.resolve(IDENTITY));
    if (MessageDigest.isEqual(is, identity(recipient))) {
      return;
    }
    String said = new String(is, StandardCharsets.US_ASCII);
    if (said.startsWith(MAGIC) && !said.startsWith(MAGIC + recipient.id())) {
      throw new BackupException(
          folder
              + " holds backups for another key than "
              + recipient.id()
              + " ("
              + said.lines().findFirst().orElse("").substring(MAGIC.length()).strip()
              + ", says "
              + IDENTITY
              + " in it): name that key, or another folder");
    }
    throw new BackupException(
        folder.resolve(IDENTITY) + " was changed; what it said is lost, the snapshots are not");
  }

  private static byte[] identity(BackupRecipient recipient) {
    String line = MAGIC + recipient.id() + "\n";
    byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
    return (line + HexFormat.of().formatHex(recipient.vouch(bytes, bytes.length)) + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Held by who writes or prunes. */
  record Hold(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Keeps others from writing.
   *
   * @throws BackupException where somebody else does
   */
  Hold hold() throws IOException, BackupException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Hold(channel);
      }
    } catch (OverlappingFileLockException e) {
      // within this process
    }
    channel.close();
    throw new BackupException(
        "another backup or prune writes to " + folder + ": wait until it has ended");
  }

  Path folder() {
    return folder;
  }

  Path chunk(ChunkName name) {
    return folder.resolve("chunks").resolve(name.path());
  }

  boolean has(ChunkName name) {
    return Files.exists(chunk(name));
  }

  /** Puts a chunk there: whole and forced to the disk before it has its name. */
  void put(ChunkName name, byte[] sealed) throws IOException {
    Path file = chunk(name);
    Path parent = file.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      SecretFiles.folder(parent);
    }
    write(file, sealed);
  }

  void putRun(String id, byte[] wrapped) throws IOException {
    write(folder.resolve("runs").resolve(id), wrapped);
    force(folder.resolve("runs"));
  }

  byte[] run(String id) throws IOException, BackupException {
    return read(folder.resolve("runs").resolve(id), 4_096);
  }

  /** From now on it counts: all that it names is on the disk, names and all. */
  void putSnapshot(SnapshotFile snapshot, BackupRecipient recipient) throws IOException {
    for (int i = 0; i < 256; i++) {
      Path part = folder.resolve("chunks").resolve(String.format("%02x", i));
      if (Files.isDirectory(part)) {
        force(part);
      }
    }
    force(folder.resolve("chunks"));
    Path snapshots = folder.resolve("snapshots");
    write(snapshots.resolve(snapshot.header().name() + SNAPSHOT), snapshot.encode(recipient));
    force(snapshots);
  }

  byte[] chunkBytes(ChunkName name) throws IOException, BackupException {
    return read(chunk(name), LONGEST_CHUNK);
  }

  /** The snapshots' files, the oldest first. */
  List<Path> snapshots() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("snapshots"))) {
      return all.filter(f -> f.getFileName().toString().endsWith(SNAPSHOT)).sorted().toList();
    }
  }

  static byte[] snapshotBytes(Path file) throws IOException, BackupException {
    return read(file, LONGEST_SNAPSHOT);
  }

  /** Files below a part of the folder, whatever they are. */
  List<Path> files(String part) throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve(part))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] read(Path file, long longest) throws IOException, BackupException {
    if (!Files.isRegularFile(file)) {
      throw new BackupException(file + " is missing");
    }
    if (Files.size(file) > longest) {
      throw new BackupException(file + " is longer than it can be");
    }
    return Files.readAllBytes(file);
  }

  private static void write(Path file, byte[] content) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    Files.deleteIfExists(part);
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(part, file, ATOMIC_MOVE, REPLACE_EXISTING);
  }

  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
