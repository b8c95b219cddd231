package org.gridwarden.security.command;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/** Public keys on P-256 as bytes: operators' and meters'. Pure functions. */
public final class P256 {
  private static final int LONGEST = 512;

  private P256() {}

  /**
   * The key that bytes are.
   *
   * @param spki a SubjectPublicKeyInfo (RFC 5480)
   * @throws CommandException where they are none, one on another curve, or not written in the one
   *     way
   */
  public static PublicKey publicKey(byte[] spki) throws CommandException {
    try {
      if (spki.length <= LONGEST
          && KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki))
              instanceof ECPublicKey key
          && key.getParams().getOrder().bitLength() == 256
          && Arrays.equals(key.getEncoded(), spki)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new CommandException("the key is no SubjectPublicKeyInfo of a key on P-256");
  }
}
