package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.security.MmoHash;
import com.zsmartsystems.zigbee.security.ZigBeeKey;
import java.util.HexFormat;
import java.util.Locale;

/** Install codes as they are printed, and the link keys that they make. Pure functions. */
final class InstallCodes {
  private InstallCodes() {}

  /**
   * The first link key of the device on which a code is printed.
   *
   * @param printed 6, 8, 12 or 16 bytes and their CRC, hexadecimal, spaces and colons or not
   * @throws IllegalArgumentException where it was mistyped; the code is not in the message
   */
  static ZigBeeKey key(Eui64 device, String printed) {
    String digits = printed.replaceAll("[\\s:-]", "").toUpperCase(Locale.ROOT);
    if (!digits.matches(
        "(?:[0-9A-F]{2}){8}|(?:[0-9A-F]{2}){10}|(?:[0-9A-F]{2}){14}" + "|(?:[0-9A-F]{2}){18}")) {
      throw new IllegalArgumentException(
          "an install code has 16, 20, 28 or 36 hexadecimal digits, with its CRC");
    }
    byte[] code = HexFormat.of().parseHex(digits);
    int length = code.length - 2;
    int crc = crc(code, length);
    if ((code[length] & 0xFF | (code[length + 1] & 0xFF) << 8) != crc) {
      throw new IllegalArgumentException(
          "the install code's check digits are wrong: look at the label again");
    }
    int[] values = new int[code.length];
    for (int i = 0; i < code.length; i++) {
      values[i] = code[i] & 0xFF;
    }
    ZigBeeKey key = new ZigBeeKey(new MmoHash(values).getHash());
    key.setAddress(device.address());
    return key;
  }

  /** CRC-16/X-25. */
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
