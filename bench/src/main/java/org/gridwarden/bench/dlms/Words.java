package org.gridwarden.bench.dlms;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** Words such as {@code port=4059 auth=gmac}: what the programs of a comparison are told. */
record Words(Map<String, String> all) {
  static Words of(String... words) {
    Map<String, String> all = new HashMap<>();
    for (String word : words) {
      int at = word.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException("not name=value: " + word);
      }
      all.put(word.substring(0, at), word.substring(at + 1));
    }
    return new Words(Map.copyOf(all));
  }

  boolean has(String name) {
    return all.containsKey(name);
  }

  String text(String name, String otherwise) {
    return all.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(text(name, Integer.toString(otherwise)));
  }

  /** Hexadecimal digits; of length 0 where there are none. */
  byte[] bytes(String name) {
    return HexFormat.of().parseHex(text(name, ""));
  }

  byte[] password() {
    return text("password", "").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return "Words" + all.keySet(); // there are keys among the values
  }
}
