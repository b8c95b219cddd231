package org.gridwarden.exchange.cim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Tables of codes that come with the program as files. */
final class Codes {
  private Codes() {}

  static Map<String, String> read(String file) {
    Properties lines = new Properties();
    try (InputStream in = Codes.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + file);
      }
      lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> codes = new TreeMap<>();
    for (String key : lines.stringPropertyNames()) {
      codes.put(key, lines.getProperty(key).strip());
    }
    return Map.copyOf(codes);
  }
}
