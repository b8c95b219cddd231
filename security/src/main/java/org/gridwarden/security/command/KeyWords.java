package org.gridwarden.security.command;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.core.KeyAccess.Purpose;

/** How people name keys. Pure functions. */
public final class KeyWords {
  /** So many bytes of a key's id are shown where there is little room. */
  private static final int SHOWN = 4;

  private KeyWords() {}

  /**
   * What a key is for: {@code DLMS}, {@code DLMS broadcast}, {@code seal}, {@code master} or {@code
   * message}.
   */
  public static String of(Purpose purpose) {
    return switch (purpose) {
      case DLMS_GLOBAL_UNICAST -> "DLMS";
      case DLMS_GLOBAL_BROADCAST -> "DLMS broadcast";
      case COMMAND_SEAL -> "seal";
      case DLMS_MASTER -> "master";
      case MESSAGE -> "message";
    };
  }

  /** The purpose that a word means, as {@link #of} gives it, in whatever case. */
  public static Optional<Purpose> purpose(String word) {
    return Arrays.stream(Purpose.values()).filter(p -> of(p).equalsIgnoreCase(word)).findFirst();
  }

  /** A key's id as far as it is shown: its first bytes, in hexadecimal digits. */
  public static String shortId(byte[] keyId) {
    String hex = HexFormat.of().formatHex(keyId, 0, Math.min(SHOWN, keyId.length));
    return keyId.length > SHOWN ? hex + "…" : hex;
  }
}
