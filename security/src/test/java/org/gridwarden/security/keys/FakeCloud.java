package org.gridwarden.security.keys;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.gridwarden.core.Secret;
import org.gridwarden.security.UnusableKeyException;

/** A key service elsewhere, as one would be written: it decrypts, and can be out of reach. */
final class FakeCloud implements KeyCustodian {
  private static final KeyPair KEY = key();
  static volatile boolean away;

  /** Found by the service loader. */
  public static final class FakeFactory implements Factory {
    @Override
    public String kind() {
      return "fake-cloud";
    }

    @Override
    public KeyCustodian open(Map<String, String> settings, Secret pin) {
      return new FakeCloud();
    }
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(3_072);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public RSAPublicKey publicKey() {
    return (RSAPublicKey) KEY.getPublic();
  }

  @Override
  public Secret open(byte[] wrapped) throws UnusableKeyException {
    if (away) {
      throw new CustodianException("the key service does not answer", new java.io.IOException());
    }
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          KEY.getPrivate(),
          new OAEPParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
      return new Secret(cipher.doFinal(wrapped));
    } catch (GeneralSecurityException e) {
      throw new UnusableKeyException("the key is not wrapped to this office's public key");
    }
  }

  @Override
  public void close() {
    // nothing is held
  }

  @Override
  public String toString() {
    return "FakeCloud";
  }
}
