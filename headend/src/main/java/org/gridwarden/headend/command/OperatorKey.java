package org.gridwarden.headend.command;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.gridwarden.security.command.CommandException;

/** Public keys as the database has them. */
final class OperatorKey {
  private OperatorKey() {}

  static PublicKey publicKey(byte[] spki) throws CommandException {
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new CommandException("the key is no public key on an elliptic curve");
    }
  }
}
