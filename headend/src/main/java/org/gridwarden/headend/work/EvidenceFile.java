package org.gridwarden.headend.work;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/**
 * A file that shows that work was done. What it is, its own first bytes say, and not its name or
 * whoever sends it: nothing is kept that a browser would run.
 *
 * @param name without a path
 * @param type its media type
 * @param content at most {@link #MOST_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // ownership passes with it
public record EvidenceFile(String name, String type, byte[] content) {
  /** The most bytes that a file may have. */
  public static final int MOST_BYTES = 8 << 20;

  /**
   * Looks at a file.
   *
   * @return empty where it is none of JPEG, PNG, WebP and PDF
   */
  static Optional<String> typeOf(byte[] content) {
    if (begins(content, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of("image/jpeg");
    }
    if (begins(content, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return Optional.of("image/png");
    }
    if (begins(content, 0, 'R', 'I', 'F', 'F') && begins(content, 8, 'W', 'E', 'B', 'P')) {
      return Optional.of("image/webp");
    }
    if (begins(content, 0, '%', 'P', 'D', 'F', '-')) {
      return Optional.of("application/pdf");
    }
    return Optional.empty();
  }

  /** The last part of a name that may come with a path, without what no file system takes. */
  static String plain(String name) {
    String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    String safe = last.replaceAll("[^\\p{L}\\p{N} ._()-]", "_").strip();
    return safe.isEmpty() ? "file" : safe.substring(Math.max(0, safe.length() - 100));
  }

  /** SHA-256 of its bytes. */
  byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  private static boolean begins(byte[] content, int at, int... bytes) {
    if (content.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((content[at + i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvidenceFile that
        && name.equals(that.name)
        && type.equals(that.type)
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return name + " (" + type + ", " + content.length + " bytes)";
  }
}
