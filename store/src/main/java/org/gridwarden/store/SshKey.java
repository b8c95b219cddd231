package org.gridwarden.store;

import java.time.Instant;

/**
 * A public key that opens the SSH door to a user.
 *
 * @param added when
 * @param user whose, as the user is written
 * @param fingerprint {@code SHA256:} and the unpadded base64 of its hash, as OpenSSH prints it
 * @param algorithm {@code ssh-ed25519} or {@code ecdsa-sha2-nistp256}
 * @param blob the key as SSH sends it (RFC 4253, 6.6); copied in and out
 * @param comment what it is called
 * @param addedBy who registered it
 */
public record SshKey(
    Instant added,
    String user,
    String fingerprint,
    String algorithm,
    byte[] blob,
    String comment,
    String addedBy) {
  public SshKey {
    blob = blob.clone();
  }

  @Override
  public byte[] blob() {
    return blob.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshKey key && key.fingerprint.equals(fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "SshKey[" + user + " " + fingerprint + "]";
  }
}
