package org.gridwarden.security.keys;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import org.gridwarden.core.Secret;
import org.gridwarden.security.UnusableKeyException;

/**
 * A key in a PKCS#11 token, which decrypts there and never leaves it. Settings: {@code library}
 * (the token's shared object), {@code slot} (its number; the first token where absent) and {@code
 * alias} (the key's name; {@code gridwarden-office} where absent). The key was made in the token by
 * who runs it, with a certificate beside it.
 */
public final class Pkcs11Custodian implements KeyCustodian {
  private static final int LEAST_BITS = 3_072;
  private static final Set<String> SETTINGS = Set.of("library", "slot", "alias");

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
    for (String name : settings.keySet()) {
      if (!SETTINGS.contains(name)) {
        throw new IOException("a PKCS#11 token has library, slot and alias, not '" + name + "'");
      }
    }
    String library = settings.getOrDefault("library", "");
    if (library.isEmpty() || !Files.isRegularFile(Path.of(library))) {
      throw new IOException(
          "there is no PKCS#11 library '" + library + "': name the token's shared object");
    }
    String alias = settings.getOrDefault("alias", "gridwarden-office");
    Provider provider = provider(library, settings.getOrDefault("slot", ""));
    KeyStore store = store(provider, library, pin);
    try {
      if (!(store.getKey(alias, null) instanceof PrivateKey key)) {
        throw new IOException(
            "the token behind " + library + " has no key '" + alias + "': make one in it first");
      }
      Certificate certificate = store.getCertificate(alias);
      if (certificate == null
          || !(certificate.getPublicKey() instanceof RSAPublicKey shown)
          || shown.getModulus().bitLength() < LEAST_BITS) {
        throw new IOException(
            "key '" + alias + "' is no RSA key of " + LEAST_BITS + " bits or more");
      }
      if (key.getEncoded() != null) {
        throw new IOException(
            "key '"
                + alias
                + "' can be taken out of the token: make one that cannot"
                + " (CKA_EXTRACTABLE = false)");
      }
      return new Pkcs11Custodian(provider, key, shown);
    } catch (GeneralSecurityException e) {
      throw new IOException("key '" + alias + "' cannot be used: " + e.getMessage(), e);
    }
  }

  private static Provider provider(String library, String slot) throws IOException {
    if (!slot.matches("[0-9]{0,20}")) {
      throw new IOException("a slot is a number, not '" + slot + "'");
    }
    Provider pkcs11 = Security.getProvider("SunPKCS11");
    if (pkcs11 == null) {
      throw new IOException("this Java has no PKCS#11 (jdk.crypto.cryptoki): use a full JDK");
    }
    try {
      return pkcs11.configure(
          "--name = gridwarden-office\nlibrary = \""
              + library
              + "\"\n"
              + (slot.isEmpty() ? "slotListIndex = 0" : "slot = " + slot)
              + "\n");
    } catch (InvalidParameterException | ProviderException e) {
      throw new IOException(
          library + " answers as no PKCS#11 token: is it there, and its slot right?", e);
    }
  }

  private static KeyStore store(Provider provider, String library, Secret pin) throws IOException {
    byte[] bytes = pin.copy();
    char[] digits = new String(bytes, StandardCharsets.UTF_8).toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, digits);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException(
          "the token behind "
              + library
              + " does not open: its PIN is wrong, or it is locked after too many wrong ones",
          e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(digits, '\0');
    }
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
