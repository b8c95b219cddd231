package org.gridwarden.security.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.command.Signer;

/**
 * The key under which the office signs its audit log: ECDSA on P-256, made at first start. In the
 * keys' folder lie {@code log-key.wrapped}, the private half under the office's local key, and
 * {@code log-key.pub.pem}, which auditors take away with them. Thread-safe.
 */
public final class LogKey {
  private static final String PLACE = "audit log";
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private LogKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * Opens the key, or makes it where the folder has none.
   *
   * @throws IOException where a file is damaged, readable by others or cannot be written
   */
  public static LogKey open(Path folder, OfficeKey office) throws IOException {
    SecretFiles.folder(folder);
    Path wrapped = folder.resolve("log-key.wrapped");
    Path shown = folder.resolve("log-key.pub.pem");
    if (!Files.exists(wrapped)) {
      KeyPair pair = generate();
      Files.writeString(shown, pem(pair.getPublic()));
      try (Secret secret = new Secret(pair.getPrivate().getEncoded())) {
        SecretFiles.write(wrapped, office.seal(secret, PLACE));
      }
    }
    if (!Files.exists(shown)) {
      throw new IOException(shown + " is missing; bring it back from a backup or an auditor");
    }
    try (Secret secret = office.unseal(SecretFiles.read(wrapped), PLACE)) {
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret.copy()));
      return new LogKey(key, publicKey(Files.readString(shown)));
    } catch (UnusableKeyException | GeneralSecurityException e) {
      throw new IOException(
          wrapped + " was not made under this office's key; restore both together", e);
    } catch (LogException e) {
      throw new IOException(shown + ": " + e.getMessage(), e);
    }
  }

  /** Says what the log is now, under the office's signature. */
  public SignedCheckpoint sign(long size, TreeHash root, Instant at) {
    return SignedCheckpoint.sign(new Checkpoint(name(), size, root, at), privateKey);
  }

  /** Says that the office was restored, and from which size on its log goes another way. */
  public SignedCheckpoint signRestored(long size, TreeHash root, Instant at) {
    return SignedCheckpoint.sign(
        new Checkpoint(name() + Checkpoint.RESTORED, size, root, at), privateKey);
  }

  /** Says what the tree of evidence is now (ADR 27), under the office's signature. */
  public SignedCheckpoint signEvidence(long size, TreeHash root, Instant at) {
    return SignedCheckpoint.sign(
        new Checkpoint(evidenceName(publicKey), size, root, at), privateKey);
  }

  /** Signs other things of the office's memory, each with a purpose of its own. */
  public Signer signer() {
    return Signer.of(privateKey, publicKey);
  }

  /** The log's name: it follows from the key. */
  public String name() {
    return "gridwarden audit log " + print(publicKey);
  }

  /** The name of the evidence tree that is signed under a key. */
  public static String evidenceName(PublicKey key) {
    return "gridwarden evidence " + print(key);
  }

  private static String print(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /** The public half as PEM (RFC 7468, SubjectPublicKeyInfo). */
  public String publicPem() {
    return pem(publicKey);
  }

  /**
   * A public key from its PEM form.
   *
   * @throws LogException where it is none on an elliptic curve
   */
  public static PublicKey publicKey(String pem) throws LogException {
    int from = pem.indexOf(BEGIN);
    int to = pem.indexOf(END);
    if (from < 0 || to < from) {
      throw new LogException("there is no PEM block PUBLIC KEY");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new LogException("the PEM block is no public key on an elliptic curve");
    }
  }

  private static String pem(PublicKey key) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return BEGIN + "\n" + lines.encodeToString(key.getEncoded()) + "\n" + END + "\n";
  }

  private static KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), OfficeKey.random());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys on P-256", e);
    }
  }

  @Override
  public String toString() {
    return "LogKey[" + name() + "]";
  }
}
