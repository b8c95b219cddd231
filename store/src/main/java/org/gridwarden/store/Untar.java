package org.gridwarden.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Unpacks a POSIX tar (ustar) of files, folders and symbolic links: what our archive holds. */
final class Untar {
  private static final int BLOCK = 512;

  private Untar() {}

  static void unpack(InputStream in, Path target) throws IOException {
    byte[] header = new byte[BLOCK];
    while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
      String prefix = text(header, 345, 155);
      String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
      Path path = target.resolve(name).normalize();
      if (!path.startsWith(target)) {
        throw new IOException("the archive names a file outside its folder: " + name);
      }
      long size = Long.parseLong(text(header, 124, 12).trim(), 8);
      char type = (char) header[156];
      switch (type) {
        case '5' -> Files.createDirectories(path);
        case '2' -> {
          Files.createDirectories(parent(path));
          Files.createSymbolicLink(path, Path.of(text(header, 157, 100)));
        }
        case '0', '\0' -> {
          Files.createDirectories(parent(path));
          try (OutputStream out = Files.newOutputStream(path)) {
            copy(in, out, size);
          }
          boolean program = (Integer.parseInt(text(header, 100, 8).trim(), 8) & 0111) != 0;
          Files.setPosixFilePermissions(
              path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
          in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        }
        default -> throw new IOException("the archive holds an entry of type " + type);
      }
    }
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException("no folder above " + path);
    }
    return parent;
  }

  private static void copy(InputStream in, OutputStream out, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = size;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException("the archive ends too early");
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, StandardCharsets.UTF_8);
  }
}
