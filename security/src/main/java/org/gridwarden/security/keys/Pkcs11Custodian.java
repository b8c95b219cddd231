package org.gridwarden.security.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import org.gridwarden.core.Secret;
import org.gridwarden.security.UnusableKeyException;

/**
 * The office's RSA key in a PKCS#11 token, which decrypts there and never leaves it. Settings are
 * {@link Pkcs11Token}'s; without {@code alias} it is {@code gridwarden-office}.
 */
public final class Pkcs11Custodian implements KeyCustodian {
  private static final int LEAST_BITS = 3_072;
  private static final String ALIAS = "gridwarden-office";

  private final Provider provider;
  private final PrivateKey key;
  private final RSAPublicKey publicKey;

  private Pkcs11Custodian(Provider provider, PrivateKey key, RSAPublicKey publicKey) {
    this.provider = provider;
    this.key = key;
    this.publicKey = publicKey;
  }

  /** Makes them. */
  public static final class Pkcs11Factory implements Factory {
    @Override
    public String kind() {
      return "pkcs11";
    }

    @Override
    public KeyCustodian open(Map<String, String> settings, Secret pin) throws IOException {
      return Pkcs11Custodian.open(settings, pin);
    }
  }

  static Pkcs11Custodian open(Map<String, String> settings, Secret pin) throws IOException {
    Pkcs11Token token = Pkcs11Token.open(ALIAS, settings, pin);
    if (!(token.publicKey() instanceof RSAPublicKey shown)
        || shown.getModulus().bitLength() < LEAST_BITS) {
      throw new IOException(
          "key '"
              + settings.getOrDefault("alias", ALIAS)
              + "' is no RSA key of "
              + LEAST_BITS
              + " bits or more");
    }
    return new Pkcs11Custodian(token.provider(), token.key(), shown);
  }

  /** The key's handle, for who wants to see that nothing comes out of it. */
  PrivateKey handle() {
    return key;
  }

  @Override
  public RSAPublicKey publicKey() {
    return publicKey;
  }

  @Override
  public Secret open(byte[] wrapped) throws UnusableKeyException {
    if (wrapped.length != (publicKey.getModulus().bitLength() + 7) / 8
        || new BigInteger(1, wrapped).compareTo(publicKey.getModulus()) >= 0) {
      throw new UnusableKeyException("the key is not wrapped to this office's public key");
    }
    byte[] encoded = {};
    byte[] message = {};
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
      cipher.init(Cipher.DECRYPT_MODE, key);
      encoded = cipher.doFinal(wrapped);
      message =
          Oaep.decode(encoded)
              .orElseThrow(() ->
                  new UnusableKeyException("the key is not wrapped to this office's public key"));
      return new Secret(message);
    } catch (GeneralSecurityException | ProviderException e) {
      throw new CustodianException(
          "the PKCS#11 token does not decrypt: is it still there, and logged in?", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(message, (byte) 0);
    }
  }

  @Override
  public void close() {
    // the session ends with the process: another custodian of the same token may use it
  }

  @Override
  public String toString() {
    return "Pkcs11Custodian";
  }
}
