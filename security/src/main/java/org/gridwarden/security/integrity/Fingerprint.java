package org.gridwarden.security.integrity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gridwarden.security.audit.TreeHash;

/** Fingerprints: the same content gives the same hash, whatever order it came in. */
public final class Fingerprint {
  private Fingerprint() {}

  /**
   * Of named parts: attributes of a meter's configuration, meters' rows of a day. Names and
   * contents are hashed with their lengths, so that nothing can move from one to the other.
   */
  public static TreeHash of(Map<String, byte[]> parts) {
    SortedMap<String, byte[]> sorted = new TreeMap<>(parts);
    MessageDigest digest = sha256();
    digest.update(length(sorted.size()));
    sorted.forEach((name, content) -> {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      digest.update(length(bytes.length));
      digest.update(bytes);
      digest.update(length(content.length));
      digest.update(content);
    });
    return TreeHash.of(digest.digest());
  }

  /** Of bytes, such as a signed link's. */
  public static TreeHash of(byte[] bytes) {
    return TreeHash.of(sha256().digest(bytes));
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(length).array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
