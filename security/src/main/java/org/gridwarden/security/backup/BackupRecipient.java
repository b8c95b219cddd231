package org.gridwarden.security.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;

/**
 * What a server needs to write backups, and not to read them: whom they are for (a public key on
 * X25519), and a secret that it shares with the owner of the private half. From the secret follow
 * the chunks' names, so that a thief cannot ask a repository whether it holds something that can be
 * guessed, and the snapshots' MAC, so that nobody else can put one there. Thread-safe.
 */
public final class BackupRecipient {
  private static final String MAGIC = "gridwarden-backup-recipient 1";
  private static final byte[] NO_SALT = {};
  private static final int LONGEST = 4_096;

  private final PublicKey publicKey;
  private final byte[] spki;
  private final byte[] shared;
  private final SecretKey naming;
  private final SecretKey vouching;

  BackupRecipient(byte[] spki, byte[] shared) throws GeneralSecurityException {
    this.publicKey = Primitives.x25519(spki);
    this.spki = spki.clone();
    this.shared = shared.clone();
    this.naming = hmac(Primitives.derive(shared, NO_SALT, "gridwarden backup names"));
    this.vouching = hmac(Primitives.derive(shared, NO_SALT, "gridwarden backup snapshots"));
  }

  /**
   * Reads what {@link BackupKey#create} left for the server.
   *
   * @throws IOException where the file is missing or others may read it
   * @throws BackupException where it is no such file
   */
  public static BackupRecipient read(Path file) throws IOException, BackupException {
    if (!Files.isRegularFile(file)) {
      throw new BackupException(
          file + " is not there: make one with 'gridwarden backup key new', or name another");
    }
    SecretFiles.verify(file);
    List<String> lines = lines(file, MAGIC, "'backup key new' made beside the key");
    try {
      BackupRecipient recipient =
          new BackupRecipient(field(lines, "public"), field(lines, "shared"));
      if (!lines.contains("id: " + recipient.id())) {
        throw new BackupException(file + " is damaged: its id is not its key's");
      }
      return recipient;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BackupException(file + " is damaged; bring it back from where the key is kept", e);
    }
  }

  /** Its text, for a file that only the server may read. */
  byte[] text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return Primitives.ascii(
        MAGIC
            + "\n# lets a server write backups for this key; it reads none\nid: "
            + id()
            + "\npublic: "
            + base64.encodeToString(spki)
            + "\nshared: "
            + base64.encodeToString(shared)
            + "\n");
  }

  /** Which key it is: the beginning of the SHA-256 of its public half, 16 hex digits. */
  public String id() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(spki), 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /** A chunk's name: 32 bytes that only who has this file, or the key, can reckon. */
  public byte[] name(byte[] chunk) {
    return mac(naming, chunk, chunk.length);
  }

  /** What vouches for the first {@code length} bytes of a snapshot or another file: 32 bytes. */
  public byte[] vouch(byte[] content, int length) {
    return mac(vouching, content, length);
  }

  /** A fresh key for one run, and how the owner of the private half gets at it. */
  public RunKey newRun() {
    byte[] id = new byte[RunKey.ID_BYTES];
    byte[] key = new byte[Primitives.KEY_BYTES];
    OfficeKey.random().nextBytes(id);
    OfficeKey.random().nextBytes(key);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
      generator.initialize(255, OfficeKey.random());
      KeyPair once = generator.generateKeyPair();
      byte[] theirs = once.getPublic().getEncoded();
      ByteArrayOutputStream wrapped = new ByteArrayOutputStream();
      wrapped.writeBytes(theirs);
      // the nonce may stand still: the key under it is used once, since "once" is
      wrapped.writeBytes(
          Primitives.gcm(
              Cipher.ENCRYPT_MODE,
              keyOfKeys(Primitives.agree(once.getPrivate(), publicKey), theirs),
              new byte[Primitives.NONCE_BYTES],
              id,
              key,
              0,
              key.length));
      return new RunKey(id, key, wrapped.toByteArray(), true);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot agree keys on X25519", e);
    }
  }

  SecretKey keyOfKeys(byte[] agreed, byte[] theirs) {
    ByteArrayOutputStream salt = new ByteArrayOutputStream();
    salt.writeBytes(theirs);
    salt.writeBytes(spki);
    return Primitives.aes(
        Primitives.derive(agreed, salt.toByteArray(), "gridwarden backup run key"));
  }

  byte[] spki() {
    return spki.clone();
  }

  Secret shared() {
    return new Secret(shared);
  }

  static List<String> lines(Path file, String magic, String what)
      throws IOException, BackupException {
    if (Files.size(file) > LONGEST) {
      throw new BackupException(file + " is too long for what " + what);
    }
    List<String> lines = Files.readString(file).lines().map(String::strip).toList();
    if (lines.isEmpty() || !lines.getFirst().equals(magic)) {
      throw new BackupException(file + " is not what " + what);
    }
    return lines;
  }

  static byte[] field(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ": "))
        .findFirst()
        .map(line -> Base64.getDecoder().decode(line.substring(name.length() + 2)))
        .orElseThrow(() -> new IllegalArgumentException("no field " + name));
  }

  private static SecretKey hmac(byte[] key) {
    return new SecretKeySpec(key, "HmacSHA256");
  }

  private static byte[] mac(SecretKey key, byte[] content, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(content, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing in this Java", e);
    }
  }

  @Override
  public String toString() {
    return "BackupRecipient[" + id() + "]";
  }
}
