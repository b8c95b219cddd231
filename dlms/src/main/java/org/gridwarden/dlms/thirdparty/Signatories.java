package org.gridwarden.dlms.thirdparty;

import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import org.gridwarden.dlms.security.MeterCredentials;

/** Whose signatures a meter obeys, by their system titles. Thread-safe. */
@FunctionalInterface
public interface Signatories {
  /**
   * The key with which somebody signs, as it holds now.
   *
   * @param title 8 bytes
   * @return empty where the meter obeys nobody of this title
   */
  Optional<ECPublicKey> key(byte[] title);

  /**
   * Those whose certificates for digital signatures were imported into a meter's Security setup:
   * signed by an authority that it knows, and valid now.
   */
  static Signatories certified(MeterCredentials credentials) {
    return credentials::signer;
  }
}
