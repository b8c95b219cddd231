package org.gridwarden.security.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CsrTest {
  private static byte[] request(String subject, KeyPair asked, KeyPair signer, String algorithm)
      throws Exception {
    return new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), asked.getPublic())
        .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
        .getEncoded();
  }

  @Test
  @DisplayName("S23: a request on P-256 that its own key signed is read")
  void good() throws Exception {
    KeyPair pair = KeyPairs.make();
    Csr csr = Csr.read(request("CN=GW-1", pair, pair, "SHA256withECDSA"));
    assertThat(csr.name()).isEqualTo("GW-1");
    assertThat(csr.key()).isEqualTo(pair.getPublic());
  }

  @Test
  @DisplayName("C24: a request that another key signed proves nothing")
  void possession() throws Exception {
    byte[] der = request("CN=GW-1", KeyPairs.make(), KeyPairs.make(), "SHA256withECDSA");
    assertThatThrownBy(() -> Csr.read(der))
        .isInstanceOf(Csr.Refused.class)
        .hasMessageContaining("not signed by its own key");
  }

  @Test
  void otherKeysAndNames() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPair pair = rsa.generateKeyPair();
    byte[] wrongKey = request("CN=GW-1", pair, pair, "SHA256withRSA");
    assertThatThrownBy(() -> Csr.read(wrongKey)).hasMessageContaining("P-256");
    KeyPair own = KeyPairs.make();
    byte[] twoNames = request("CN=GW-1,CN=GW-2", own, own, "SHA256withECDSA");
    assertThatThrownBy(() -> Csr.read(twoNames)).hasMessageContaining("one common name");
    byte[] good = request("CN=GW-1", own, own, "SHA256withECDSA");
    byte[] more = java.util.Arrays.copyOf(good, good.length + 1);
    assertThatThrownBy(() -> Csr.read(more)).isInstanceOf(Csr.Refused.class);
    assertThatThrownBy(() -> Csr.read(new byte[Csr.MOST_BYTES + 1]))
        .hasMessageContaining("at most");
  }
}
