package org.gridwarden.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * The embedded PostgreSQL's part of the data folder: the cluster, two passwords, the log.
 *
 * @param root the folder that holds them, mode 0700
 */
record PostgresFolder(Path root) {
  /** The superuser, used at first start only; the office's own role is an ordinary one. */
  static final String ADMINISTRATOR = "administrator";

  Path cluster() {
    return root.resolve("data");
  }

  /** Where initdb works until it has finished. */
  Path fresh() {
    return root.resolve("data.new");
  }

  Path log() {
    return root.resolve("postgresql.log");
  }

  Path administratorFile() {
    return root.resolve("administrator.password");
  }

  void prepare() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
  }

  boolean initialised() {
    return Files.exists(cluster().resolve("PG_VERSION"));
  }

  /** Makes both passwords, 256 random bits each, in files that only their owner reads. */
  void newPasswords(SecureRandom random) throws IOException {
    removeTree(fresh());
    for (Path file : new Path[] {administratorFile(), applicationFile()}) {
      byte[] secret = new byte[32];
      random.nextBytes(secret);
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(secret));
    }
  }

  /** initdb has finished: the cluster takes its place in one step. */
  void accept() throws IOException {
    Files.move(fresh(), cluster(), StandardCopyOption.ATOMIC_MOVE);
  }

  String administratorPassword() {
    return read(administratorFile());
  }

  String applicationPassword() {
    return read(applicationFile());
  }

  private Path applicationFile() {
    return root.resolve("gridwarden.password");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw StoreException.at(
          file.toString(), "the database's password cannot be read; give this user the file", e);
    }
  }

  private static void removeTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
