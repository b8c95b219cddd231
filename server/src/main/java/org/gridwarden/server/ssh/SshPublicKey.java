package org.gridwarden.server.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A public key as one line of an OpenSSH {@code .pub} file has it.
 *
 * @param algorithm one of {@link #ALGORITHMS}
 * @param blob as SSH sends it (RFC 4253, 6.6)
 * @param comment what stands behind it, at most 200 characters
 */
public record SshPublicKey(String algorithm, byte[] blob, String comment) {
  /** What is taken: Ed25519 (RFC 8709) and ECDSA on P-256 (RFC 5656). */
  public static final Set<String> ALGORITHMS = Set.of("ssh-ed25519", "ecdsa-sha2-nistp256");

  private static final int LONGEST = 2_048;
  private static final int LONGEST_COMMENT = 200;

  public SshPublicKey {
    blob = blob.clone();
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException naming what is wrong with it; the line is not repeated
   */
  public static SshPublicKey parse(String line) {
    if (line.length() > LONGEST) {
      throw new IllegalArgumentException("is too long for a public key on one line");
    }
    String[] parts = line.strip().split("[ \t]+", 3);
    if (parts[0].startsWith("-----")) {
      throw new IllegalArgumentException(
          "is a PEM file; give the one line of the .pub file, and never the private key");
    }
    if (!ALGORITHMS.contains(parts[0])) {
      throw new IllegalArgumentException(
          "is one line that begins with ssh-ed25519 or ecdsa-sha2-nistp256; make a key with"
              + " ssh-keygen -t ed25519");
    }
    if (parts.length < 2) {
      throw new IllegalArgumentException("breaks off behind " + parts[0]);
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(parts[1]);
      PublicKey key = new ByteArrayBuffer(blob).getRawPublicKey();
      // what was read must be the whole of it, and of the kind it says
      if (!parts[0].equals(KeyUtils.getKeyType(key))
          || !PublicKeyEntry.toString(key).split(" ")[1].equals(parts[1])) {
        throw new IllegalArgumentException("is not the key that it says");
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("is no " + parts[0] + " key: copy the whole line", e);
    }
    String comment = parts.length < 3 ? "" : parts[2].replaceAll("\\p{Cntrl}", " ").strip();
    return new SshPublicKey(
        parts[0],
        blob,
        comment.length() > LONGEST_COMMENT ? comment.substring(0, LONGEST_COMMENT) : comment);
  }

  /** {@code SHA256:} and the unpadded base64 of its hash, as {@code ssh-keygen -l} prints it. */
  public String fingerprint() {
    return fingerprint(blob);
  }

  static String fingerprint(PublicKey key) {
    ByteArrayBuffer buffer = new ByteArrayBuffer();
    buffer.putRawPublicKey(key);
    return fingerprint(buffer.getCompactData());
  }

  private static String fingerprint(byte[] blob) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshPublicKey key && MessageDigest.isEqual(key.blob, blob);
  }

  @Override
  public int hashCode() {
    return new String(blob, StandardCharsets.ISO_8859_1).hashCode();
  }

  @Override
  public String toString() {
    return fingerprint();
  }
}
