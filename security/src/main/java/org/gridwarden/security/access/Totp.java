package org.gridwarden.security.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;

/**
 * Codes that change with the time (TOTP, RFC 6238): six digits every 30 seconds by HMAC-SHA-1,
 * which is what every authenticator understands. A clock may be one step off either way (clause
 * 5.2), and a step opens once. Thread-safe.
 */
public final class Totp {
  /** A step's length, seconds. */
  public static final int STEP_SECONDS = 30;

  /** How many digits a code has. */
  public static final int DIGITS = 6;

  /** As long as the hash (RFC 4226, clause 4, R6). */
  private static final int SECRET_BYTES = 20;

  private static final int DRIFT = 1;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Totp() {}

  /** A fresh secret, from the office's generator. */
  public static Secret secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    OfficeKey.random().nextBytes(bytes);
    try {
      return new Secret(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The number of the step in which an instant lies. */
  public static long step(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), STEP_SECONDS);
  }

  /** The code of a step. */
  public static String code(Secret secret, long step) {
    return code("HmacSHA1", secret, step, DIGITS);
  }

  /**
   * Which step a code is of.
   *
   * @param after the last step that opened already; 0 for none
   * @return empty where the code fits none of the present steps, or one that opened already
   */
  public static OptionalLong match(Secret secret, String code, Instant now, long after) {
    String digits = code.replace(" ", "");
    if (!digits.matches("[0-9]{" + DIGITS + "}")) {
      return OptionalLong.empty();
    }
    OptionalLong found = OptionalLong.empty();
    for (long step = step(now) - DRIFT; step <= step(now) + DRIFT; step++) {
      // each is compared, so that the time taken tells nothing
      boolean fits = MessageDigest.isEqual(ascii(code(secret, step)), ascii(digits));
      if (fits && step > after) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /** What is put into an authenticator by hand. */
  public static String base32(Secret secret) {
    byte[] bytes = secret.copy();
    StringBuilder text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte b : bytes) {
      held = held << 8 | b & 0xFF;
      bits += 8;
      while (bits >= 5) {
        text.append(BASE32.charAt(held >> bits - 5 & 31));
        bits -= 5;
      }
    }
    if (bits > 0) {
      text.append(BASE32.charAt(held << 5 - bits & 31));
    }
    Arrays.fill(bytes, (byte) 0);
    return text.toString();
  }

  /** RFC 6238, clause 4.2, with the truncation of RFC 4226, clause 5.3. */
  static String code(String algorithm, Secret secret, long step, int digits) {
    byte[] key = secret.copy();
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      byte[] counter = new byte[8];
      for (int i = 0; i < 8; i++) {
        counter[i] = (byte) (step >>> 8 * (7 - i));
      }
      byte[] hash = mac.doFinal(counter);
      int offset = hash[hash.length - 1] & 15;
      long number =
          (hash[offset] & 0x7FL) << 24
              | (hash[offset + 1] & 0xFFL) << 16
              | (hash[offset + 2] & 0xFFL) << 8
              | hash[offset + 3] & 0xFFL;
      long modulus = 1;
      for (int i = 0; i < digits; i++) {
        modulus *= 10;
      }
      return String.format(Locale.ROOT, "%0" + digits + "d", number % modulus);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(algorithm + " is missing in this Java", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] ascii(String digits) {
    return digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
