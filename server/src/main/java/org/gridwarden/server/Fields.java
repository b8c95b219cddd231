package org.gridwarden.server;

import java.util.ArrayList;
import java.util.List;
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

  private Fields() {}

  /** A quality byte's flags in words; empty where the value is good. */
  static List<String> quality(byte quality) {
    if (quality == Quality.MISSING) {
      return List.of("missing");
    }
    List<String> words = new ArrayList<>();
    for (int bit = 0; bit < FLAGS.length; bit++) {
      if ((quality & 1 << bit) != 0) {
        words.add(FLAGS[bit]);
      }
    }
    return words;
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
