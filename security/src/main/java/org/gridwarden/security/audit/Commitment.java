package org.gridwarden.security.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.gridwarden.security.OfficeKey;

/**
 * What stands in the append-only log in the place of something personal: a salted hash of it. With
 * the salt anybody checks that the clear text kept beside the log is what was written; once salt
 * and clear text are erased, the hash says nothing any more, and the log still holds.
 */
public final class Commitment {
  /** How many bytes a salt has. */
  public static final int SALT_BYTES = 32;

  private static final String BEGIN = "sha256:";
  private static final Pattern FORM = Pattern.compile(BEGIN + "[0-9a-f]{64}");
  private static final byte[] PURPOSE =
      "gridwarden audit commitment\n".getBytes(StandardCharsets.US_ASCII);

  private Commitment() {}

  /** A fresh salt; each clear text has its own. */
  public static byte[] salt() {
    byte[] salt = new byte[SALT_BYTES];
    OfficeKey.random().nextBytes(salt);
    return salt;
  }

  /** The commitment to a clear text, in printable ASCII. */
  public static String of(byte[] salt, byte[] clear) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PURPOSE);
      digest.update(salt);
      digest.update(clear);
      return BEGIN + HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /** Whether a text has the form of one. */
  public static boolean is(String text) {
    return FORM.matcher(text).matches();
  }
}
