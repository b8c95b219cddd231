package org.gridwarden.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lays environment variables over the file: {@code GRIDWARDEN_CONSOLE_PORT=9443} is {@code
 * console.port}. Upper case and underscores stand for each key on the way, so {@code maxSessions}
 * is {@code MAXSESSIONS} or {@code MAX_SESSIONS}. Variables that begin with no known section are
 * not ours.
 */
final class ConfigOverrides {
  private static final String PREFIX = "GRIDWARDEN_";

  private ConfigOverrides() {}

  /** Changes {@code root} in place; {@code shape} names the keys that the program knows. */
  static void apply(
      ConfigNode.Mapping root, Map<String, String> environment, ConfigNode.Mapping shape) {
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (name.startsWith(PREFIX)) {
            List<String> words = Arrays.asList(name.substring(PREFIX.length()).split("_", -1));
            if (find(shape, words, 1) != null) {
              put(root, shape, words, new ConfigNode.Scalar(name, value, false));
            }
          }
        });
  }

  private static void put(
      ConfigNode.Mapping into, ConfigNode.Mapping shape, List<String> words, ConfigNode value) {
    Match match = find(shape, words, words.size());
    if (match == null) {
      // under a section of a channel, whose keys this room does not know
      match = find(into, words, words.size());
    }
    String key = match == null ? words.getFirst().toLowerCase(Locale.ROOT) : match.key();
    int used = match == null ? 1 : match.words();
    if (used == words.size()) {
      into.entries().put(key, value);
      return;
    }
    ConfigNode.Mapping below =
        into.entries().get(key) instanceof ConfigNode.Mapping there
            ? there
            : new ConfigNode.Mapping(value.place(), new LinkedHashMap<>());
    into.entries().put(key, below);
    ConfigNode.Mapping shapeBelow =
        shape.entries().get(key) instanceof ConfigNode.Mapping there
            ? there
            : ConfigNode.Mapping.empty("");
    put(below, shapeBelow, words.subList(used, words.size()), value);
  }

  /** The key that the first words spell, longest first. */
  private static @org.jspecify.annotations.Nullable Match find(
      ConfigNode.Mapping mapping, List<String> words, int most) {
    for (int used = Math.min(most, words.size()); used > 0; used--) {
      String spelled = String.join("", words.subList(0, used));
      for (String key : new ArrayList<>(mapping.entries().keySet())) {
        if (key.replaceAll("[-_.]", "").equalsIgnoreCase(spelled)) {
          return new Match(key, used);
        }
      }
    }
    return null;
  }

  private record Match(String key, int words) {}
}
