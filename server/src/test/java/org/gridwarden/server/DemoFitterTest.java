package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.TrustFolder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFitterTest {
  @Test
  @DisplayName(
      "a demo's meters obey a key from when it is taken until it ends; what is none is told to nobody")
  void comesAndGoes(@TempDir Path folder) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    byte[] id = Signed.keyId(pair.getPublic());
    TrustFolder meters = new TrustFolder(folder);
    DemoFitter fitter = new DemoFitter(folder);

    fitter.taken(pair.getPublic().getEncoded());
    assertThat(meters.apply(id)).contains(pair.getPublic());
    fitter.ended(id);
    assertThat(meters.apply(id)).isEmpty();
    fitter.taken(new byte[] {1, 2, 3});
    assertThat(meters.ids()).isEmpty();
  }
}
