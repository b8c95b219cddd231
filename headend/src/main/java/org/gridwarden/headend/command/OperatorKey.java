package org.gridwarden.headend.command;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.gridwarden.security.command.CommandException;

/** Public keys as the database has them. */
final class OperatorKey {
  private OperatorKey() {}

  static PublicKey publicKey(byte[] spki) throws CommandException {
    try {
      AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
      p256.init(new ECGenParameterSpec("secp256r1"));
      ECParameterSpec wanted = p256.getParameterSpec(ECParameterSpec.class);
      if (KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki))
              instanceof ECPublicKey key
          && key.getParams().getCurve().equals(wanted.getCurve())
          && key.getParams().getGenerator().equals(wanted.getGenerator())) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new CommandException("it is no public key on the curve P-256 (SubjectPublicKeyInfo)");
  }
}
