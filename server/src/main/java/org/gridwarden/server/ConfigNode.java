package org.gridwarden.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration as it was written, each part with the place where it stands. */
sealed interface ConfigNode {
  /** Where it was written, for the error line: {@code gridwarden.yaml:3:9}. */
  String place();

  /** The same as plain maps, lists, strings, numbers and booleans. */
  Object plain();

  /**
   * A word, number or truth value.
   *
   * @param quoted whether it is a string whatever it looks like
   */
  record Scalar(String place, String text, boolean quoted) implements ConfigNode {
    @Override
    public Object plain() {
      if (quoted) {
        return text;
      }
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> number();
      };
    }

    private Object number() {
      if (text.length() > 18 || !text.matches("[+-]?(0|[1-9][0-9]*)")) {
        return text;
      }
      long value = Long.parseLong(text);
      if (value == (int) value) {
        return (int) value;
      }
      return value;
    }
  }

  /** A list. */
  record Sequence(String place, List<ConfigNode> items) implements ConfigNode {
    @Override
    public Object plain() {
      List<Object> plain = new ArrayList<>(items.size());
      items.forEach(item -> plain.add(item.plain()));
      return plain;
    }
  }

  /** Keys with what they hold; mutable while overrides are laid over it. */
  record Mapping(String place, Map<String, ConfigNode> entries) implements ConfigNode {
    static Mapping empty(String place) {
      return new Mapping(place, new LinkedHashMap<>());
    }

    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      entries.forEach((key, value) -> plain.put(key, value.plain()));
      return plain;
    }
  }
}
