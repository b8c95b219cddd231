package org.gridwarden.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as two people compare it by voice. */
final class Fingerprints {
  private Fingerprints() {}

  /** Sixteen groups of four hexadecimal digits, as the console shows them. */
  static String of(byte[] bytes) {
    try {
      String digits = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      return digits.replaceAll("(.{4})(?!$)", "$1 ");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }
}
