package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustFolderTest {
  @TempDir Path folder;

  private static PublicKey key(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    return pair.getPublic();
  }

  @Test
  @DisplayName("C9: what is put there is trusted until it is taken away, under its own id only")
  void trusts() throws Exception {
    TrustFolder trusted = new TrustFolder(folder.resolve("operators"));
    PublicKey olivia = key("secp256r1");
    byte[] id = Signed.keyId(olivia);
    assertThat(trusted.apply(id)).isEmpty();
    assertThat(trusted.ids()).isEmpty();
    trusted.put(olivia);
    assertThat(trusted.apply(id)).contains(olivia);
    assertThat(trusted.ids()).containsExactly(id);

    byte[] other = Signed.keyId(key("secp256r1"));
    Path renamed = folder.resolve("operators").resolve(HexFormat.of().formatHex(other) + ".pem");
    Files.writeString(renamed, P256.pem(olivia));
    assertThat(trusted.apply(other)).as("a file under another key's id").isEmpty();
    Files.writeString(renamed, "x".repeat(100_000));
    assertThat(trusted.apply(other)).isEmpty();
    PublicKey large = key("secp384r1");
    Files.writeString(
        folder.resolve("operators").resolve(HexFormat.of().formatHex(Signed.keyId(large)) + ".pem"),
        P256.pem(large));
    assertThat(trusted.apply(Signed.keyId(large))).as("another curve").isEmpty();
    assertThat(trusted.ids()).containsExactly(id);

    trusted.remove(id);
    assertThat(trusted.apply(id)).isEmpty();
  }
}
