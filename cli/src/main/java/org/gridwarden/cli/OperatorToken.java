package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Signer;

/**
 * A PKCS#11 token that holds operators' keys: they are made in it, sign in it and never leave it.
 */
final class OperatorToken {
  private final Provider provider;
  private final String place;

  private OperatorToken(Provider provider, String place) {
    this.provider = provider;
    this.place = place;
  }

  /**
   * The token behind a library.
   *
   * @param place {@code LIBRARY}, whose first token is taken, or {@code LIBRARY:SLOT} with the
   *     slot's number
   * @throws Failure where there is no such library or token
   */
  static OperatorToken of(String place) {
    String library = place.replaceFirst(":[0-9]+$", "");
    String slot = place.substring(library.length()).replace(":", "");
    if (!Files.isRegularFile(Path.of(library))) {
      throw new Failure(
          "there is no PKCS#11 library " + library + ": install the token's",
          Gridwarden.WRONG_INPUT);
    }
    // private keys that are made here are told to the token as such that never leave it
    String configuration =
        "--name = gridwarden\nlibrary = \""
            + library
            + "\"\n"
            + (slot.isEmpty() ? "slotListIndex = 0" : "slot = " + slot)
            + "\nattributes(*, CKO_PRIVATE_KEY, CKK_EC) = {\n"
            + "  CKA_SENSITIVE = true\n  CKA_EXTRACTABLE = false\n  CKA_SIGN = true\n}\n";
    Provider pkcs11 = Security.getProvider("SunPKCS11");
    if (pkcs11 == null) {
      throw new Failure("this Java has no PKCS#11 (module jdk.crypto.cryptoki): use a full JDK");
    }
    try {
      return new OperatorToken(pkcs11.configure(configuration), place);
    } catch (InvalidParameterException | ProviderException e) {
      throw new Failure(place + " answers as no PKCS#11 token: is it there, and its slot right?");
    }
  }

  /** Opens a key to sign with. */
  Signer open(char[] pin, Optional<String> alias) {
    KeyStore store = store(pin);
    try {
      String one = OperatorKeyFile.one(store, alias, place);
      Key key = store.getKey(one, null);
      if (!(key instanceof PrivateKey privateKey)) {
        throw new Failure("'" + one + "' in " + place + " is no private key");
      }
      return signer(privateKey, store.getCertificate(one).getPublicKey());
    } catch (GeneralSecurityException e) {
      throw new Failure("the key in " + place + " cannot be used: " + e.getMessage());
    }
  }

  /**
   * Makes a key in the token.
   *
   * @return its public half
   */
  PublicKey make(String alias, char[] pin) {
    KeyStore store = store(pin);
    try {
      if (store.containsAlias(alias)) {
        throw new Failure(
            place + " has a key '" + alias + "' already: name another by --alias",
            Gridwarden.WRONG_INPUT);
      }
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      Certificate certificate =
          SelfSigned.certificate(
              alias, signer(pair.getPrivate(), pair.getPublic()), pair.getPublic());
      store.setKeyEntry(alias, pair.getPrivate(), null, new Certificate[] {certificate});
      return certificate.getPublicKey();
    } catch (GeneralSecurityException | ProviderException e) {
      throw new Failure("no key could be made in " + place + ": " + e.getMessage());
    }
  }

  /** The key's handle; its own bytes stay in the token. */
  PrivateKey handle(char[] pin, String alias) throws GeneralSecurityException {
    return (PrivateKey) store(pin).getKey(alias, null);
  }

  private KeyStore store(char[] pin) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new Failure(
          "the token "
              + place
              + " does not open: its PIN is wrong, or it is locked after too many wrong ones",
          Gridwarden.WRONG_INPUT);
    }
  }

  private Signer signer(PrivateKey privateKey, PublicKey publicKey) {
    return new Signer() {
      @Override
      public PublicKey publicKey() {
        return publicKey;
      }

      @Override
      public byte[] sign(byte[] bytes) throws CommandException {
        try {
          Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", provider);
          signature.initSign(privateKey);
          signature.update(bytes);
          return signature.sign();
        } catch (GeneralSecurityException | ProviderException e) {
          throw new CommandException("the token does not sign: " + e.getMessage());
        }
      }

      @Override
      public String toString() {
        return "Signer in " + place;
      }
    };
  }
}
