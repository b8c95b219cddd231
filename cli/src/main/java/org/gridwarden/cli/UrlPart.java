package org.gridwarden.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Puts words into addresses. */
final class UrlPart {
  private UrlPart() {}

  /** A word as a part of a path or query. */
  static String of(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
