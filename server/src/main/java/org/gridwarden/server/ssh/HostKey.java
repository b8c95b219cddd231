package org.gridwarden.server.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.UnusableKeyException;

/**
 * The key by which the office is known over SSH: ECDSA on P-256, made at first start. In the keys'
 * folder lie {@code ssh-host-key.wrapped}, the private half under the office's local key, and
 * {@code ssh-host-key.pub}, one line for {@code known_hosts}.
 */
public final class HostKey {
  private static final String PLACE = "ssh host key";

  private HostKey() {}

  /**
   * Opens the key, or makes it where the folder has none.
   *
   * @throws IOException where a file is damaged, readable by others or cannot be written
   */
  public static KeyPair open(Path folder, OfficeKey office) throws IOException {
    SecretFiles.folder(folder);
    Path wrapped = folder.resolve("ssh-host-key.wrapped");
    Path shown = folder.resolve("ssh-host-key.pub");
    if (!Files.exists(wrapped)) {
      KeyPair pair = generate();
      Files.writeString(shown, PublicKeyEntry.toString(pair.getPublic()) + "\n");
      try (Secret secret = new Secret(pair.getPrivate().getEncoded())) {
        SecretFiles.write(wrapped, office.seal(secret, PLACE));
      }
    }
    try (Secret secret = office.unseal(SecretFiles.read(wrapped), PLACE)) {
      String line = Files.readString(shown, StandardCharsets.US_ASCII);
      PublicKey shownKey =
          PublicKeyEntry.parsePublicKeyEntry(line.strip()).resolvePublicKey(null, null, null);
      return new KeyPair(
          shownKey,
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret.copy())));
    } catch (UnusableKeyException | GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          wrapped
              + " was not made under this office's key; restore both together, or remove it and "
              + shown
              + ": then clients must be told of a new key",
          e);
    }
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), OfficeKey.random());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys on P-256", e);
    }
  }
}
