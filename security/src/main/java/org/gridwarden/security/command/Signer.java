package org.gridwarden.security.command;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** A private key on P-256 that signs, wherever it lies: in a file, a token or a browser. */
public interface Signer {
  /** Its public half. */
  PublicKey publicKey();

  /**
   * The signature over SHA-256 of the bytes: r and s, 32 bytes each.
   *
   * @throws CommandException where the key cannot be used now
   */
  byte[] sign(byte[] bytes) throws CommandException;

  /** A key that Java holds, or a token behind a provider. */
  static Signer of(PrivateKey privateKey, PublicKey publicKey) {
    return new Signer() {
      @Override
      public PublicKey publicKey() {
        return publicKey;
      }

      @Override
      public byte[] sign(byte[] bytes) throws CommandException {
        try {
          Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
          signer.initSign(privateKey);
          signer.update(bytes);
          return signer.sign();
        } catch (GeneralSecurityException e) {
          throw new CommandException("the key does not sign: " + e.getMessage());
        }
      }

      @Override
      public String toString() {
        return "Signer";
      }
    };
  }

  /** The same of a pair. */
  static Signer of(KeyPair pair) {
    return of(pair.getPrivate(), pair.getPublic());
  }
}
