package org.gridwarden.simulator.zigbee.security;

import java.util.Arrays;
import org.gridwarden.security.cbke.MmoHash;

/**
 * What is printed on a device so that it can be let in: 6, 8, 12 or 16 bytes and their CRC-16/X-25,
 * of which its first link key is made (Smart Energy 1.1, clause 5.4.8.1.1). Pure functions.
 */
public final class InstallCode {
  private InstallCode() {}

  /** The code with its CRC behind it, lower byte first. */
  public static byte[] withCrc(byte[] code) {
    byte[] all = Arrays.copyOf(code, code.length + 2);
    int crc = crc(code, code.length);
    all[code.length] = (byte) crc;
    all[code.length + 1] = (byte) (crc >>> 8);
    return all;
  }

  /**
   * The link key.
   *
   * @param code with its CRC
   * @throws IllegalArgumentException where the length or the CRC is wrong
   */
  public static byte[] key(byte[] code) {
    int length = code.length - 2;
    if (length != 6 && length != 8 && length != 12 && length != 16) {
      throw new IllegalArgumentException("an install code has 6, 8, 12 or 16 bytes and 2 of CRC");
    }
    int crc = crc(code, length);
    if ((code[length] & 0xFF) != (crc & 0xFF) || (code[length + 1] & 0xFF) != crc >>> 8) {
      throw new IllegalArgumentException("the install code's CRC is wrong: was it mistyped?");
    }
    return MmoHash.of(code);
  }

  private static int crc(byte[] bytes, int length) {
    int crc = 0xFFFF;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x8408 : crc >>> 1;
      }
    }
    return ~crc & 0xFFFF;
  }
}
