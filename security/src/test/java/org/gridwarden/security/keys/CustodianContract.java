package org.gridwarden.security.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.gridwarden.core.Secret;
import org.gridwarden.security.KeyWrap;
import org.gridwarden.security.UnusableKeyException;

/** What every custodian keeps to, an office's token and a cloud's key service alike. */
final class CustodianContract {
  private CustodianContract() {}

  static void check(KeyCustodian custodian) throws Exception {
    assertThat(custodian.publicKey().getModulus().bitLength()).isGreaterThanOrEqualTo(3_072);
    assertThat(custodian.publicKey()).as("always the same").isEqualTo(custodian.publicKey());
    for (int length : new int[] {16, 32}) {
      Secret key = MasterWrap.fresh(length);
      byte[] wrapped = KeyWrap.forShipment(custodian.publicKey(), key);
      try (Secret opened = custodian.open(wrapped)) {
        assertThat(opened).isEqualTo(key);
      }
      for (int at : new int[] {1, wrapped.length / 2, wrapped.length - 1}) {
        byte[] altered = wrapped.clone();
        altered[at] ^= 1;
        refused(custodian, altered);
      }
    }
    KeyPairGenerator other = KeyPairGenerator.getInstance("RSA");
    other.initialize(3_072);
    KeyPair stranger = other.generateKeyPair();
    refused(custodian, KeyWrap.forShipment(stranger.getPublic(), MasterWrap.fresh(16)));
    refused(custodian, new byte[0]);
    refused(custodian, new byte[384]);
    byte[] tooGreat = new byte[384];
    java.util.Arrays.fill(tooGreat, (byte) 0xFF);
    refused(custodian, tooGreat);
    assertThat(custodian.toString())
        .as("it prints nothing of it")
        .doesNotContainPattern("[0-9]{5}");
  }

  private static void refused(KeyCustodian custodian, byte[] wrapped) {
    assertThatThrownBy(() -> custodian.open(wrapped))
        .as("it does not say which check failed")
        .isInstanceOf(UnusableKeyException.class)
        .hasMessage("the key is not wrapped to this office's public key");
  }
}
