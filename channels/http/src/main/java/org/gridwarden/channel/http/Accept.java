package org.gridwarden.channel.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which form a field Accept asks for (RFC 9110, clause 12.5.1). Pure functions. */
final class Accept {
  private static final int MOST_RANGES = 32;

  private Accept() {}

  /**
   * Of several forms the one that is liked most; among equals the first.
   *
   * @param accept the field; empty where anything will do
   * @return empty where none will do
   */
  static Optional<Format> choose(Optional<String> accept, List<Format> offered) {
    if (accept.isEmpty() || accept.get().isBlank()) {
      return Optional.of(offered.getFirst());
    }
    String[] ranges = accept.get().split(",", MOST_RANGES + 1);
    Optional<Format> best = Optional.empty();
    double liked = 0;
    for (Format format : offered) {
      double quality = quality(ranges, format);
      if (quality > liked) {
        liked = quality;
        best = Optional.of(format);
      }
    }
    return best;
  }

  /** The quality that the most exact range gives a form. */
  private static double quality(String[] ranges, Format format) {
    double quality = 0;
    int exactness = 0;
    for (int i = 0; i < Math.min(ranges.length, MOST_RANGES); i++) {
      String[] parts = ranges[i].split(";");
      if (parts.length == 0) {
        continue;
      }
      int exact = exactness(parts[0].strip().toLowerCase(Locale.ROOT), format);
      if (exact > exactness) {
        exactness = exact;
        quality = weight(parts);
      }
    }
    return quality;
  }

  private static int exactness(String range, Format format) {
    if (range.equals(format.mediaType()) || range.equals(format.problemType())) {
      return 3;
    }
    return range.equals("application/*") ? 2 : range.equals("*/*") ? 1 : 0;
  }

  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip().toLowerCase(Locale.ROOT);
      if (part.startsWith("q=")) {
        try {
          double q = Double.parseDouble(part.substring(2));
          return q >= 0 && q <= 1 ? q : 0;
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
