package org.gridwarden.server;

import java.util.List;
import java.util.stream.IntStream;
import org.gridwarden.core.Quality;

/** How values are spelled in JSON and CSV. */
final class Fields {
  private static final String[] FLAGS = {
    "power-down",
    "clock-adjusted",
    "clock-invalid",
    "doubtful",
    "estimated",
    "unauthenticated",
    "derived"
  };

  /** Of each byte there is: a month of one meter asks three thousand times. */
  private static final List<List<String>> QUALITIES =
      IntStream.range(0, 256).mapToObj(quality -> words((byte) quality)).toList();

  private Fields() {}

  /** A quality byte's flags in words; empty where the value is good. */
  static List<String> quality(byte quality) {
    return QUALITIES.get(quality & 0xFF);
  }

  private static List<String> words(byte quality) {
    if (quality == Quality.MISSING) {
      return List.of("missing");
    }
    return IntStream.range(0, FLAGS.length)
        .filter(bit -> (quality & 1 << bit) != 0)
        .mapToObj(bit -> FLAGS[bit])
        .toList();
  }

  /** One field of a CSV line (RFC 4180); what a spreadsheet would run as a formula is quoted. */
  static String csv(String text) {
    boolean formula = !text.isEmpty() && "=+@\t\r".indexOf(text.charAt(0)) >= 0;
    String safe = formula ? "'" + text : text;
    if (safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
      return safe;
    }
    return '"' + safe.replace("\"", "\"\"") + '"';
  }
}
