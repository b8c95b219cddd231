package org.gridwarden.dlms.security;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code name = hex} lines by section; each file names its source and licence. */
final class Vectors {
  private final Map<String, Map<String, byte[]>> sections = new LinkedHashMap<>();

  private Vectors(String text) {
    Map<String, byte[]> section = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.lastIndexOf(" = ");
      if (line.startsWith("[")) {
        section = new LinkedHashMap<>();
        sections.put(line.substring(1, line.lastIndexOf(']')), section);
      } else if (equals > 0 && !line.startsWith("#") && !line.startsWith("expect")) {
        section.put(
            line.substring(0, equals).trim(),
            HexFormat.of().parseHex(line.substring(equals + 3).trim()));
      }
    }
  }

  static Vectors of(String name) {
    try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no vector " + name);
      }
      return new Vectors(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A value of the section that is called so, or else of the first whose name begins so. */
  byte[] get(String section, String name) {
    Map<String, byte[]> values = sections.get(section);
    for (var other : sections.entrySet()) {
      if (values == null && other.getKey().startsWith(section)) {
        values = other.getValue();
      }
    }
    byte[] value = values == null ? null : values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + section);
    }
    return value;
  }
}
