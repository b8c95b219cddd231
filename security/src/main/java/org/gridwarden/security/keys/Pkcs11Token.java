package org.gridwarden.security.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.Secret;

/**
 * A key in a PKCS#11 token, which works there and never leaves it. Settings: {@code library} (the
 * token's shared object), {@code slot} (its number; the first token where absent) and {@code alias}
 * (the key's name). The key was made in the token by who runs it, with a certificate beside it.
 *
 * @param provider through which the token is used
 * @param key a handle: it has no encoded form
 * @param publicKey what the certificate beside it shows
 */
public record Pkcs11Token(Provider provider, PrivateKey key, PublicKey publicKey) {
  private static final Set<String> SETTINGS = Set.of("library", "slot", "alias");

  /** The size of P-256 in bits. */
  private static final int P256 = 256;

  /**
   * Opens the token and finds the key.
   *
   * @param name what the key is called where settings name no alias
   * @throws IOException where there is no such token or key, its PIN is wrong, or the key can be
   *     taken out; the message names the remedy
   */
  static Pkcs11Token open(String name, Map<String, String> settings, Secret pin)
      throws IOException {
    for (String word : settings.keySet()) {
      if (!SETTINGS.contains(word)) {
        throw new IOException("a PKCS#11 token has library, slot and alias, not '" + word + "'");
      }
    }
    String library = settings.getOrDefault("library", "");
    if (library.isEmpty() || !Files.isRegularFile(Path.of(library))) {
      throw new IOException(
          "there is no PKCS#11 library '" + library + "': name the token's shared object");
    }
    String alias = settings.getOrDefault("alias", name);
    Provider provider = provider(name, library, settings.getOrDefault("slot", ""));
    KeyStore store = store(provider, library, pin);
    try {
      if (!(store.getKey(alias, null) instanceof PrivateKey key)) {
        throw new IOException(
            "the token behind " + library + " has no key '" + alias + "': make one in it first");
      }
      Certificate certificate = store.getCertificate(alias);
      if (certificate == null) {
        throw new IOException("key '" + alias + "' has no certificate beside it in the token");
      }
      if (key.getEncoded() != null) {
        throw new IOException(
            "key '"
                + alias
                + "' can be taken out of the token: make one that cannot"
                + " (CKA_EXTRACTABLE = false)");
      }
      return new Pkcs11Token(provider, key, certificate.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new IOException("key '" + alias + "' cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * A pair to sign with, on P-256, for whoever asks Java for a signature without naming a provider.
   *
   * @param name what the key is called where settings name no alias
   * @throws IOException as {@link #open}, and where the key is of another kind
   */
  public static KeyPair signing(String name, Map<String, String> settings, Secret pin)
      throws IOException {
    Pkcs11Token token = open(name, settings, pin);
    if (!(token.publicKey() instanceof ECPublicKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != P256) {
      throw new IOException(
          "key '" + settings.getOrDefault("alias", name) + "' is not on P-256: make one that is");
    }
    // a signature finds its provider by the key: the token's own is the only one that takes it
    Security.addProvider(token.provider());
    return new KeyPair(token.publicKey(), token.key());
  }

  private static Provider provider(String name, String library, String slot) throws IOException {
    if (!slot.matches("[0-9]{0,20}")) {
      throw new IOException("a slot is a number, not '" + slot + "'");
    }
    Provider pkcs11 = Security.getProvider("SunPKCS11");
    if (pkcs11 == null) {
      throw new IOException("this Java has no PKCS#11 (jdk.crypto.cryptoki): use a full JDK");
    }
    try {
      return pkcs11.configure(
          "--name = "
              + name
              + "\nlibrary = \""
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

  @Override
  public String toString() {
    return "Pkcs11Token";
  }
}
