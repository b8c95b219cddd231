package org.gridwarden.security.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.gridwarden.security.OfficeKey;

/**
 * Random codes that people write down or copy: lower-case letters and digits that are not mistaken
 * for each other, five bits each. With 80 bits or more a plain hash keeps them: nobody guesses one.
 */
public final class SpokenCode {
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

  private SpokenCode() {}

  /**
   * A fresh one.
   *
   * @param characters 16 (some 79 bits) or more
   * @param group after how many a dash stands; 0 for none
   */
  public static String random(int characters, int group) {
    byte[] bytes = new byte[characters];
    OfficeKey.random().nextBytes(bytes);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters; i++) {
      if (group > 0 && i > 0 && i % group == 0) {
        text.append('-');
      }
      text.append(ALPHABET.charAt(bytes[i] & 31));
    }
    return text.toString();
  }

  /** What is kept of one: SHA-256, whatever dashes, spaces and capitals it was typed with. */
  public static byte[] hash(String code) {
    String bare = code.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "");
    try {
      return MessageDigest.getInstance("SHA-256").digest(bare.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
