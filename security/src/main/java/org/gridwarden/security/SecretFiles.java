package org.gridwarden.security;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Folders and files that only their owner may read: folders 0700, files 0600, written whole or not
 * at all. Reading refuses a file that others can read, and says how to mend it.
 */
public final class SecretFiles {
  private static final int MAX_BYTES = 1 << 20;
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(EnumSet.copyOf(FOLDER));

  private SecretFiles() {}

  /** Makes a folder, and those above it, that only its owner may enter. */
  public static void folder(Path folder) throws IOException {
    Files.createDirectories(folder);
    if (posix(folder)) {
      Files.setPosixFilePermissions(folder, FOLDER);
    }
  }

  /**
   * Writes a file that only its owner may read: under another name first, forced to the disk, then
   * moved into place, so that a crash leaves the old file or the new one.
   */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    if (folder != null && posix(folder)) {
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(FILE));
    } else {
      Files.createFile(fresh);
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(fresh, file, ATOMIC_MOVE, REPLACE_EXISTING);
    if (folder != null && posix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true); // the name, too, must outlive a crash
      }
    }
  }

  /**
   * Reads a secret file of at most 1 MiB.
   *
   * @throws IOException where it is missing, too long, or others may read it
   */
  public static byte[] read(Path file) throws IOException {
    verify(file);
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is longer than a secret file can be (1 MiB)");
    }
    return Files.readAllBytes(file);
  }

  /**
   * Checks that nobody but the owner has a right to a file or folder.
   *
   * @throws IOException saying which right is too much and how to take it away
   */
  public static void verify(Path path) throws IOException {
    if (!posix(path)) {
      return;
    }
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    Set<PosixFilePermission> tooMuch = EnumSet.noneOf(PosixFilePermission.class);
    tooMuch.addAll(rights);
    tooMuch.retainAll(OTHERS);
    if (!tooMuch.isEmpty()) {
      String mode = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "700" : "600";
      throw new IOException(
          path
              + " holds secrets but others may use it ("
              + PosixFilePermissions.toString(rights)
              + "); run: chmod "
              + mode
              + " "
              + path);
    }
  }

  private static boolean posix(Path path) {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
  }
}
