package org.gridwarden.security.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signer;

/** With what a gate signs its records, wrapped in its folder. */
final class GateKey {
  private static final String PLACE = "last gate";

  private GateKey() {}

  static Signer open(Path folder, OfficeKey own) throws IOException {
    Path wrapped = folder.resolve("gate-key.wrapped");
    Path shown = folder.resolve("gate-key.pub.pem");
    try {
      if (!Files.exists(wrapped)) {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), OfficeKey.random());
        KeyPair pair = generator.generateKeyPair();
        Files.writeString(shown, P256.pem(pair.getPublic()));
        try (Secret secret = new Secret(pair.getPrivate().getEncoded())) {
          SecretFiles.write(wrapped, own.seal(secret, PLACE));
        }
      }
      try (Secret secret = own.unseal(SecretFiles.read(wrapped), PLACE)) {
        return Signer.of(
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret.copy())),
            P256.publicKey(Files.readString(shown)));
      }
    } catch (GeneralSecurityException | UnusableKeyException | CommandException e) {
      throw new IOException(
          wrapped + " and " + shown + " do not belong together; restore both from one backup", e);
    }
  }
}
