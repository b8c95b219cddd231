package org.gridwarden.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.keys.KeyCustodian;

/**
 * The office's own key: an RSA pair of 3,072 bits to whose public half meters' keys are shipped,
 * and a local AES-256 key under which they are kept once opened. Made at first start; or the pair
 * lies with a {@link KeyCustodian}, and its private half is in no file and no memory of ours.
 *
 * <p>In its folder (0700) lie {@code master.key} (32 random bytes; absent where a passphrase is
 * given instead), {@code office-key.pem} (the private key as encrypted PKCS#8, RFC 5958, under the
 * master key or passphrase), {@code office-key.pub.pem} (the public key, for makers of meters) and
 * {@code local-key.wrapped} (the local key, wrapped to the office key). All but the public one are
 * 0600. Thread-safe.
 */
public final class OfficeKey implements AutoCloseable {
  private static final int RSA_BITS = 3072;

  private final PublicKey publicKey;
  private final KeyCustodian custodian;
  private final SecretKeySpec local;

  private OfficeKey(KeyCustodian custodian, SecretKeySpec local) {
    this.publicKey = custodian.publicKey();
    this.custodian = custodian;
    this.local = local;
  }

  /** The key from the folder's files, in this process's memory. */
  private record InMemory(RSAPublicKey publicKey, PrivateKey privateKey) implements KeyCustodian {
    @Override
    public Secret open(byte[] wrapped) throws UnusableKeyException {
      return KeyWrap.openShipped(privateKey, wrapped);
    }

    @Override
    public void close() {
      // the provider's keys have no wipe that works (Destroyable is not implemented by it)
    }

    @Override
    public String toString() {
      return "InMemory";
    }
  }

  /**
   * Opens the office key that a custodian holds; only the local key, wrapped to it, and the public
   * one lie in the folder.
   *
   * @param custodian closed with this
   * @throws IOException where the folder has a private key of its own, or its local key was made
   *     under another one
   */
  public static OfficeKey open(Path folder, KeyCustodian custodian) throws IOException {
    SecretFiles.folder(folder);
    Path privateFile = folder.resolve("office-key.pem");
    if (Files.exists(privateFile)) {
      throw new IOException(
          privateFile
              + " holds an office key of its own, to which meters' keys are wrapped: take keys.custodian"
              + " out of the configuration, or begin with another data folder and have the meters"
              + " shipped to the custodian's key");
    }
    show(folder.resolve("office-key.pub.pem"), custodian.publicKey());
    return new OfficeKey(custodian, localKey(folder, "the custodian's key", custodian));
  }

  /**
   * Opens the office key, or makes it where the folder has none, under a master key in the same
   * folder.
   *
   * @throws IOException where a file is damaged, readable by others or cannot be written; the
   *     message names the file and the remedy
   */
  public static OfficeKey open(Path folder) throws IOException {
    SecretFiles.folder(folder);
    needOwn(folder);
    Path file = folder.resolve("master.key");
    if (!Files.exists(file)) {
      if (Files.exists(folder.resolve("office-key.pem"))) {
        throw new IOException(
            file + " is missing; bring it back from a backup, or give the master passphrase");
      }
      SecretFiles.write(file, Randomness.bytes(32));
    }
    byte[] raw = SecretFiles.read(file);
    try (Secret master =
        new Secret(HexFormat.of().formatHex(raw).getBytes(StandardCharsets.US_ASCII))) {
      return open(folder, master);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /**
   * Opens the office key, or makes it where the folder has none, under a passphrase.
   *
   * @param passphrase printable ASCII; the caller keeps and wipes it
   */
  public static OfficeKey open(Path folder, Secret passphrase) throws IOException {
    for (byte b : passphrase.copy()) {
      if (b < ' ' || b > '~') {
        throw new IOException("the master passphrase may hold printable ASCII characters only");
      }
    }
    SecretFiles.folder(folder);
    needOwn(folder);
    Path privateFile = folder.resolve("office-key.pem");
    Path publicFile = folder.resolve("office-key.pub.pem");
    if (!Files.exists(privateFile)) {
      KeyPair pair = generate();
      Files.writeString(publicFile, Pem.publicKey(pair.getPublic()));
      SecretFiles.write(
          privateFile,
          Pem.encrypt(pair.getPrivate(), passphrase).getBytes(StandardCharsets.US_ASCII));
    }
    PrivateKey privateKey = Pem.decrypt(privateFile, SecretFiles.read(privateFile), passphrase);
    if (!(Pem.publicOf(privateKey) instanceof RSAPublicKey publicKey)) {
      throw new IOException(privateFile + " holds no RSA key");
    }
    show(publicFile, publicKey);
    InMemory custodian = new InMemory(publicKey, privateKey);
    return new OfficeKey(custodian, localKey(folder, privateFile.toString(), custodian));
  }

  /** No second key is made beside one that a custodian holds, or that was lost. */
  private static void needOwn(Path folder) throws IOException {
    Path wrapped = folder.resolve("local-key.wrapped");
    if (Files.exists(wrapped) && !Files.exists(folder.resolve("office-key.pem"))) {
      throw new IOException(
          wrapped
              + " is wrapped to a key that is not here: name its custodian (keys.custodian), or bring"
              + " office-key.pem back from a backup");
    }
  }

  /** The private half decides. */
  private static void show(Path publicFile, PublicKey publicKey) throws IOException {
    String pem = Pem.publicKey(publicKey);
    if (!Files.exists(publicFile) || !Files.readString(publicFile).equals(pem)) {
      Files.writeString(publicFile, pem);
    }
  }

  /** The public half. */
  public PublicKey publicKey() {
    return publicKey;
  }

  /** The public half as PEM (RFC 7468, SubjectPublicKeyInfo): what makers wrap meters' keys to. */
  public String publicPem() {
    return Pem.publicKey(publicKey);
  }

  /** SHA-256 over the public half's DER form, in hex: to compare by telephone. */
  public String fingerprint() {
    return HexFormat.of().formatHex(sha256(publicKey.getEncoded()));
  }

  /** How many bytes a key wrapped for shipment to this office has. */
  public int shippedLength() {
    return KeyWrap.shippedLength(publicKey);
  }

  /**
   * Opens a meter's wrapped pair, whichever way it is wrapped. A shipped pair costs a few
   * milliseconds, a local one a few microseconds.
   *
   * @throws UnusableKeyException where a key is wrapped to another office, damaged, moved from
   *     another meter's place, or has not 16 or 32 bytes
   */
  public KeySet open(MeterId meter, Purpose purpose, Wrapped wrapped) throws UnusableKeyException {
    byte[] keyId = wrapped.keyId();
    Secret encryption = unwrap(wrapped.encryption(), place(meter, purpose, keyId, "enc"));
    Secret authentication =
        wrapped.authentication().length == 0
            ? new Secret(new byte[0])
            : unwrap(wrapped.authentication(), place(meter, purpose, keyId, "auth"));
    if (!aes(encryption) || authentication.length() != 0 && !aes(authentication)) {
      throw new UnusableKeyException("the opened key has not 16 or 32 bytes");
    }
    return new KeySet(keyId, encryption, authentication);
  }

  /** Wraps a meter's pair under the local key, bound to the meter, the purpose and the key's id. */
  public Wrapped wrapLocally(MeterId meter, Purpose purpose, KeySet keys) {
    byte[] keyId = keys.keyId();
    byte[] encryption =
        KeyWrap.locally(local, keys.encryption(), place(meter, purpose, keyId, "enc"));
    byte[] authentication =
        keys.authentication().length() == 0
            ? new byte[0]
            : KeyWrap.locally(local, keys.authentication(), place(meter, purpose, keyId, "auth"));
    return new Wrapped(keyId, encryption, authentication);
  }

  /**
   * Wraps another secret of the office's own under the local key.
   *
   * @param place what it is for; it opens nowhere else
   */
  public byte[] seal(Secret secret, String place) {
    return KeyWrap.locally(local, secret, own(place));
  }

  /**
   * Opens what {@link #seal} made.
   *
   * @throws UnusableKeyException where it was sealed elsewhere, for something else, or is damaged
   */
  public Secret unseal(byte[] sealed, String place) throws UnusableKeyException {
    if (!KeyWrap.isLocal(sealed)) {
      throw new UnusableKeyException("it was not sealed by an office");
    }
    return KeyWrap.openLocal(local, sealed, own(place));
  }

  /** The generator for keys: a DRBG of NIST SP 800-90A. */
  public static SecureRandom random() {
    return Randomness.drbg();
  }

  private static byte[] own(String place) {
    return ("office/" + place).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    custodian.close();
  }

  @Override
  public String toString() {
    return "OfficeKey[" + fingerprint() + "]";
  }

  private Secret unwrap(byte[] wrapped, byte[] place) throws UnusableKeyException {
    return KeyWrap.isLocal(wrapped)
        ? KeyWrap.openLocal(local, wrapped, place)
        : custodian.open(wrapped);
  }

  private static boolean aes(Secret key) {
    return key.length() == 16 || key.length() == 32;
  }

  /** What a local wrap is bound to: moved to another meter, purpose or key id, it stays shut. */
  private static byte[] place(MeterId meter, Purpose purpose, byte[] keyId, String part) {
    return (meter.value() + "/" + purpose + "/" + HexFormat.of().formatHex(keyId) + "/" + part)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS, Randomness.drbg());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make RSA keys", e);
    }
  }

  private static SecretKeySpec localKey(Path folder, String under, KeyCustodian custodian)
      throws IOException {
    Path file = folder.resolve("local-key.wrapped");
    if (!Files.exists(file)) {
      try (Secret fresh = new Secret(Randomness.bytes(32))) {
        SecretFiles.write(file, KeyWrap.forShipment(custodian.publicKey(), fresh));
      }
    }
    try (Secret local = custodian.open(SecretFiles.read(file))) {
      return new SecretKeySpec(local.copy(), "AES");
    } catch (UnusableKeyException e) {
      throw new IOException(file + " was not made under " + under + "; restore both together", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
