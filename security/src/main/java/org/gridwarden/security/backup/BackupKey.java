package org.gridwarden.security.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;

/**
 * The private half: it reads backups, and belongs away from the machine that writes them. Its file
 * is enciphered under a passphrase by Argon2id (RFC 9106, the second recommended option: 64 MiB,
 * three passes, four lanes). Thread-safe.
 */
public final class BackupKey {
  private static final String MAGIC = "gridwarden-backup-key 1";
  private static final String WHAT = "'backup key new' made";
  private static final int MEMORY_KIB = 64 * 1024;
  private static final int PASSES = 3;
  private static final int LANES = 4;
  private static final int SALT_BYTES = 16;
  private static final int SPKI_BYTES = 44; // X25519, RFC 8410

  /** A passphrase has so many bytes at least. */
  public static final int SHORTEST = 12;

  private final PrivateKey privateKey;
  private final BackupRecipient recipient;

  private BackupKey(PrivateKey privateKey, BackupRecipient recipient) {
    this.privateKey = privateKey;
    this.recipient = recipient;
  }

  /**
   * Makes a key pair: the private half into one file, what a server needs into another.
   *
   * @param passphrase UTF-8, at least {@link #SHORTEST} bytes
   * @throws BackupException where the passphrase is too short or a file is there already
   */
  public static BackupRecipient create(Path keyFile, Path recipientFile, Secret passphrase)
      throws IOException, BackupException {
    if (passphrase.length() < SHORTEST) {
      throw new BackupException(
          "the passphrase has "
              + passphrase.length()
              + " bytes; take at least "
              + SHORTEST
              + ": whoever has the backups and the key's file may guess for years");
    }
    for (Path file : List.of(keyFile, recipientFile)) {
      if (Files.exists(file)) {
        throw new BackupException(file + " is there already: name another file");
      }
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("X25519");
      generator.initialize(255, OfficeKey.random());
      KeyPair pair = generator.generateKeyPair();
      byte[] shared = random(Primitives.KEY_BYTES);
      BackupRecipient recipient = new BackupRecipient(pair.getPublic().getEncoded(), shared);
      byte[] salt = random(SALT_BYTES);
      byte[] pkcs8 = pair.getPrivate().getEncoded();
      ByteBuffer plain = ByteBuffer.allocate(2 + pkcs8.length + SPKI_BYTES + shared.length);
      plain.putShort((short) pkcs8.length).put(pkcs8).put(recipient.spki()).put(shared);
      byte[] nonce = random(Primitives.NONCE_BYTES);
      ByteArrayOutputStream sealed = new ByteArrayOutputStream();
      sealed.writeBytes(nonce);
      sealed.writeBytes(
          Primitives.gcm(
              Cipher.ENCRYPT_MODE,
              argon2(passphrase, salt),
              nonce,
              Primitives.ascii(MAGIC + recipient.id()),
              plain.array(),
              0,
              plain.capacity()));
      Arrays.fill(plain.array(), (byte) 0);
      Base64.Encoder base64 = Base64.getEncoder();
      SecretFiles.write(
          keyFile,
          Primitives.ascii(
              MAGIC
                  + "\n# reads this office's backups: keep it, and its passphrase, away from the"
                  + " server\nid: "
                  + recipient.id()
                  + "\nsalt: "
                  + base64.encodeToString(salt)
                  + "\nsealed: "
                  + base64.encodeToString(sealed.toByteArray())
                  + "\n"));
      SecretFiles.write(recipientFile, recipient.text());
      return recipient;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys on X25519", e);
    }
  }

  /**
   * Opens a key's file.
   *
   * @throws BackupException where it is none, is damaged, or the passphrase is another one
   */
  public static BackupKey open(Path file, Secret passphrase) throws IOException, BackupException {
    if (!Files.isRegularFile(file)) {
      throw new BackupException(file + " is not there: name the file that 'backup key new' made");
    }
    List<String> lines = BackupRecipient.lines(file, MAGIC, WHAT);
    String id =
        lines.stream()
            .filter(line -> line.startsWith("id: "))
            .findFirst()
            .map(line -> line.substring(4))
            .orElse("");
    try {
      byte[] sealed = BackupRecipient.field(lines, "sealed");
      byte[] salt = BackupRecipient.field(lines, "salt");
      byte[] plain =
          Primitives.gcm(
              Cipher.DECRYPT_MODE,
              argon2(passphrase, salt),
              Arrays.copyOf(sealed, Primitives.NONCE_BYTES),
              Primitives.ascii(MAGIC + id),
              sealed,
              Primitives.NONCE_BYTES,
              sealed.length - Primitives.NONCE_BYTES);
      ByteBuffer fields = ByteBuffer.wrap(plain);
      byte[] pkcs8 = new byte[fields.getShort() & 0xFFFF];
      byte[] spki = new byte[SPKI_BYTES];
      byte[] shared = new byte[Primitives.KEY_BYTES];
      fields.get(pkcs8).get(spki).get(shared);
      Arrays.fill(plain, (byte) 0);
      return new BackupKey(
          KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)),
          new BackupRecipient(spki, shared));
    } catch (AEADBadTagException e) {
      throw new BackupException(
          file + " does not open: the passphrase is another one, or the file is damaged", e);
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new BackupException(file + " is damaged; take another copy of it", e);
    }
  }

  /** What a server needs of it; also to check what vouches for snapshots. */
  public BackupRecipient recipient() {
    return recipient;
  }

  /**
   * Opens a run's key.
   *
   * @param id the run's id, in bytes
   * @param wrapped as {@link RunKey#wrapped} gave it
   * @throws BackupException where it was wrapped to another key, or is damaged
   */
  public RunKey run(byte[] id, byte[] wrapped) throws BackupException {
    if (wrapped.length != SPKI_BYTES + Primitives.KEY_BYTES + Primitives.TAG_BYTES
        || id.length != RunKey.ID_BYTES) {
      throw new BackupException("it is damaged: it has not the length of a run's key");
    }
    byte[] theirs = Arrays.copyOf(wrapped, SPKI_BYTES);
    try {
      byte[] agreed = Primitives.agree(privateKey, Primitives.x25519(theirs));
      byte[] key =
          Primitives.gcm(
              Cipher.DECRYPT_MODE,
              recipient.keyOfKeys(agreed, theirs),
              new byte[Primitives.NONCE_BYTES],
              id,
              wrapped,
              SPKI_BYTES,
              wrapped.length - SPKI_BYTES);
      return new RunKey(id, key, wrapped, false);
    } catch (GeneralSecurityException e) {
      throw new BackupException(
          "it does not open: it was changed, or made for another key than " + recipient.id(), e);
    }
  }

  private static SecretKey argon2(Secret passphrase, byte[] salt) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(LANES)
            .withSalt(salt)
            .build());
    byte[] secret = passphrase.copy();
    byte[] key = new byte[Primitives.KEY_BYTES];
    argon2.generateBytes(secret, key);
    Arrays.fill(secret, (byte) 0);
    return Primitives.aes(key);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    OfficeKey.random().nextBytes(bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return "BackupKey[" + recipient.id() + "]";
  }
}
