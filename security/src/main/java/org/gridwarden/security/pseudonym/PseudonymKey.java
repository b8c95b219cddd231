package org.gridwarden.security.pseudonym;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.SecretFiles;
import org.gridwarden.security.UnusableKeyException;

/**
 * The key of pseudonyms: 32 random bytes for HMAC-SHA-256, made when it is first asked for. It lies
 * in {@code pseudonym-key.wrapped} of the keys' folder, under the office's local key: not in the
 * database, nor with the readings. Where it is replaced the old one is gone, and with it whatever
 * linked old pseudonyms to households or to new ones. Thread-safe.
 */
public final class PseudonymKey {
  private static final String PLACE = "pseudonyms";
  private static final int BYTES = 32;

  /** A pseudonym is the first half of the digest: 128 bits, none of which can be reckoned back. */
  private static final int SHOWN = 16;

  private final Path file;
  private final OfficeKey office;
  private volatile SecretKeySpec key;

  private PseudonymKey(Path file, OfficeKey office, SecretKeySpec key) {
    this.file = file;
    this.office = office;
    this.key = key;
  }

  /**
   * Opens the key, or makes it where the folder has none.
   *
   * @throws IOException where the file is damaged, readable by others or cannot be written
   */
  public static PseudonymKey open(Path folder, OfficeKey office) throws IOException {
    SecretFiles.folder(folder);
    Path file = folder.resolve("pseudonym-key.wrapped");
    if (!Files.exists(file)) {
      return new PseudonymKey(file, office, fresh(file, office));
    }
    try (Secret secret = office.unseal(SecretFiles.read(file), PLACE)) {
      return new PseudonymKey(file, office, spec(secret));
    } catch (UnusableKeyException e) {
      throw new IOException(
          file + " was not made under this office's key; restore both together", e);
    }
  }

  /** What stands for a subject, whatever that is called inside. */
  public Pseudonym of(String subject) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      byte[] digest = mac.doFinal(subject.getBytes(StandardCharsets.UTF_8));
      return new Pseudonym(HexFormat.of().formatHex(digest, 0, SHOWN));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing in this Java", e);
    }
  }

  /**
   * Forgets the key for a new one.
   *
   * @throws IOException where that cannot be written; the old one stays in force
   */
  public synchronized void replace() throws IOException {
    key = fresh(file, office);
  }

  private static SecretKeySpec fresh(Path file, OfficeKey office) throws IOException {
    byte[] bytes = new byte[BYTES];
    OfficeKey.random().nextBytes(bytes);
    try (Secret secret = new Secret(bytes)) {
      SecretFiles.write(file, office.seal(secret, PLACE));
      return spec(secret);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static SecretKeySpec spec(Secret secret) {
    byte[] bytes = secret.copy();
    try {
      return new SecretKeySpec(bytes, "HmacSHA256");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "PseudonymKey";
  }
}
