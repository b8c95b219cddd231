package org.gridwarden.security.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import org.gridwarden.security.OfficeKey;

/** Keys on P-256, and how a public one is told from another. */
public final class KeyPairs {
  private KeyPairs() {}

  /** A new pair, from the office's DRBG. */
  public static KeyPair make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), OfficeKey.random());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys on P-256", e);
    }
  }

  /** SHA-256 over the SubjectPublicKeyInfo. */
  public static byte[] id(PublicKey key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
