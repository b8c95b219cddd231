package org.gridwarden.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.gridwarden.security.certificate.Csr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineKeyTest {
  @TempDir private Path folder;

  @Test
  void aRequestForAKeyThatItsOwnerAloneCanRead() throws Exception {
    Path file = folder.resolve("scada.key");
    String pem = MachineKey.requestFor("scada", file);
    assertThat(pem).startsWith("-----BEGIN CERTIFICATE REQUEST-----\n");
    Csr request = Csr.read(bare(pem));
    assertThat(request.name()).isEqualTo("scada");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(bare(Files.readString(file))));
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(new byte[] {1, 2, 3});
    byte[] signed = signer.sign();
    signer.initVerify(request.key());
    signer.update(new byte[] {1, 2, 3});
    assertThat(signer.verify(signed)).isTrue();
  }

  @Test
  void aKeyThatIsThereStays() throws Exception {
    Path file = Files.writeString(folder.resolve("scada.key"), "mine");
    assertThatThrownBy(() -> MachineKey.requestFor("scada", file))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is there already");
    assertThat(file).hasContent("mine");
  }

  private static byte[] bare(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
  }
}
