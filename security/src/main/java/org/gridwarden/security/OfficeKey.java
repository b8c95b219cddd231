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
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.WrappedKeys.Wrapped;

/**
 * The office's own key: an RSA pair of 3,072 bits to whose public half meters' keys are shipped,
 * and a local AES-256 key under which they are kept once opened. Made at first start.
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
  private final PrivateKey privateKey;
  private final SecretKeySpec local;

  private OfficeKey(PublicKey publicKey, PrivateKey privateKey, SecretKeySpec local) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
    this.local = local;
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
    PublicKey publicKey = Pem.publicOf(privateKey);
    String pem = Pem.publicKey(publicKey);
    if (!Files.exists(publicFile) || !Files.readString(publicFile).equals(pem)) {
      Files.writeString(publicFile, pem); // the private half decides
    }
    return new OfficeKey(publicKey, privateKey, localKey(folder, publicKey, privateKey));
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
    // the provider's keys have no wipe that works (Destroyable is not implemented by it)
  }

  @Override
  public String toString() {
    return "OfficeKey[" + fingerprint() + "]";
  }

  private Secret unwrap(byte[] wrapped, byte[] place) throws UnusableKeyException {
    return KeyWrap.isLocal(wrapped)
        ? KeyWrap.openLocal(local, wrapped, place)
        : KeyWrap.openShipped(privateKey, wrapped);
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

  private static SecretKeySpec localKey(Path folder, PublicKey publicKey, PrivateKey privateKey)
      throws IOException {
    Path file = folder.resolve("local-key.wrapped");
    if (!Files.exists(file)) {
      try (Secret fresh = new Secret(Randomness.bytes(32))) {
        SecretFiles.write(file, KeyWrap.forShipment(publicKey, fresh));
      }
    }
    try (Secret local = KeyWrap.openShipped(privateKey, SecretFiles.read(file))) {
      return new SecretKeySpec(local.copy(), "AES");
    } catch (UnusableKeyException e) {
      throw new IOException(
          file
              + " was not made under "
              + folder.resolve("office-key.pem")
              + "; restore both together",
          e);
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
