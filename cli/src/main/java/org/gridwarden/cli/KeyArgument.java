package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A key as a command takes it; no message ever repeats any of it. */
final class KeyArgument {
  private KeyArgument() {}

  /**
   * The bytes of {@code HEX}, {@code file:PATH} or {@code env:NAME}; where absent, of an
   * environment variable; where that is absent, too, none.
   *
   * @param option the option's name, for messages
   * @param variable the environment variable's name
   * @param lengths how many bytes it may have
   */
  static byte[] bytes(
      String option, @Nullable String given, @Nullable String variable, int... lengths) {
    String text = given != null ? given : variable == null ? null : System.getenv(variable);
    if (text == null || text.isBlank()) {
      return new byte[0];
    }
    String place = given != null ? option : "environment variable " + variable;
    String digits = resolve(place, text.strip()).replaceAll("[\\s:-]", "");
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException _) {
      throw wrong(place, "is no hexadecimal text; give digits, file:PATH or env:NAME");
    }
    for (int length : lengths) {
      if (bytes.length == length) {
        return bytes;
      }
    }
    StringBuilder allowed = new StringBuilder();
    for (int length : lengths) {
      allowed.append(allowed.isEmpty() ? "" : " or ").append(2 * length);
    }
    throw wrong(place, "has " + digits.length() + " hexadecimal digits; it takes " + allowed);
  }

  /** A text given as such, as {@code file:PATH} or as {@code env:NAME}. */
  static String text(String option, String given) {
    return resolve(option, given);
  }

  private static String resolve(String place, String text) {
    if (text.startsWith("env:")) {
      String value = System.getenv(text.substring(4));
      if (value == null) {
        throw wrong(place, "names an environment variable that is not set");
      }
      return value.strip();
    }
    if (text.startsWith("file:")) {
      try {
        return Files.readString(Path.of(text.substring(5))).strip();
      } catch (IOException e) {
        throw wrong(place, "names a file that cannot be read: " + e.getMessage());
      }
    }
    return text;
  }

  private static Failure wrong(String place, String what) {
    return new Failure(place + " " + what, Gridwarden.WRONG_INPUT);
  }
}
