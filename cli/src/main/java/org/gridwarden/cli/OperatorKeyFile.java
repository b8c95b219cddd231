package org.gridwarden.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.command.Signer;

/** An operator's key in a file of their own: PKCS#12, under a password. */
final class OperatorKeyFile {
  private static final int SHORTEST = 12;

  private OperatorKeyFile() {}

  /**
   * Makes a key and writes it, readable by its owner alone.
   *
   * @param alias what it is called, and whom its certificate names
   * @return its public half
   * @throws Failure where the file is there already, or the password is short
   */
  static PublicKey make(Path file, String alias, char[] password) {
    if (Files.exists(file)) {
      throw new Failure(
          file + " is there already, and a key is not written over: name another file",
          Gridwarden.WRONG_INPUT);
    }
    if (password.length < SHORTEST) {
      throw new Failure(
          "a key's password has at least " + SHORTEST + " characters", Gridwarden.WRONG_INPUT);
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      Certificate certificate = SelfSigned.certificate(alias, Signer.of(pair), pair.getPublic());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(alias, pair.getPrivate(), password, new Certificate[] {certificate});
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      store.store(bytes, password);
      SecretFiles.write(file, bytes.toByteArray());
      return pair.getPublic();
    } catch (GeneralSecurityException e) {
      throw new Failure("no key could be made: " + e.getMessage());
    } catch (IOException e) {
      throw new Failure(file + " cannot be written: " + e.getMessage());
    }
  }

  /**
   * Opens a key to sign with.
   *
   * @param alias which, where there are several
   */
  static Signer open(Path file, char[] password, Optional<String> alias) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      String one = one(store, alias, file.toString());
      Key key = store.getKey(one, password);
      if (!(key instanceof PrivateKey privateKey)) {
        throw new Failure("'" + one + "' in " + file + " is no private key");
      }
      return Signer.of(privateKey, store.getCertificate(one).getPublicKey());
    } catch (NoSuchFileException e) {
      throw new Failure(
          file + " is not there: make a key with 'command key new " + file + "'",
          Gridwarden.WRONG_INPUT);
    } catch (IOException | GeneralSecurityException e) {
      throw new Failure(
          file + " cannot be opened: the password is wrong, or it is no PKCS#12 file",
          Gridwarden.WRONG_INPUT);
    }
  }

  /** The key of that name, or the only one. */
  static String one(KeyStore store, Optional<String> alias, String place)
      throws GeneralSecurityException {
    List<String> keys = new ArrayList<>();
    for (String name : Collections.list(store.aliases())) {
      if (store.isKeyEntry(name)) {
        keys.add(name);
      }
    }
    if (alias.isPresent()) {
      return keys.stream()
          .filter(alias.get()::equalsIgnoreCase)
          .findFirst()
          .orElseThrow(() ->
              new Failure(
                  place + " has no key '" + alias.get() + "'; there are " + keys,
                  Gridwarden.WRONG_INPUT));
    }
    if (keys.size() != 1) {
      throw new Failure(
          keys.isEmpty()
              ? place + " has no key in it: make one with 'command key new'"
              : place + " has several keys " + keys + ": name one by --alias",
          Gridwarden.WRONG_INPUT);
    }
    return keys.getFirst();
  }
}
