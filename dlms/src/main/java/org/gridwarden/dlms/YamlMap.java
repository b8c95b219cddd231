package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** A mapping of a YAML file, with its place for messages. Unknown keys are errors, not silence. */
public final class YamlMap {
  private final String place;
  private final Map<String, Object> entries = new LinkedHashMap<>();

  private YamlMap(String place, Map<?, ?> map) {
    this.place = place;
    map.forEach((key, value) -> entries.put(String.valueOf(key), value));
  }

  /**
   * Reads a text.
   *
   * @param file how it is called in messages
   * @throws IllegalArgumentException where the text is no YAML mapping
   */
  public static YamlMap parse(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setAllowDuplicateKeys(false);
    options.setNestingDepthLimit(16);
    options.setCodePointLimit(1 << 20);
    try {
      Object root = new Yaml(new SafeConstructor(options)).load(text);
      if (root instanceof Map<?, ?> map) {
        return new YamlMap(file, map);
      }
    } catch (YAMLException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(file + ": is no YAML mapping (name: value lines)");
  }

  /** Its keys, in their order. */
  public Set<String> keys() {
    return entries.keySet();
  }

  /** Whether a key has a value. */
  public boolean has(String key) {
    return entries.get(key) != null;
  }

  /**
   * Refuses other keys.
   *
   * @throws IllegalArgumentException where there is another key than these
   */
  public void allow(Set<String> known) {
    for (String key : entries.keySet()) {
      if (!known.contains(key)) {
        throw error("'" + key + "' is not known here; it can be " + new java.util.TreeSet<>(known));
      }
    }
  }

  /**
   * A single value as text.
   *
   * @throws IllegalArgumentException where the key is missing, or holds more than one value
   */
  public String text(String key) {
    return optionalText(key).orElseThrow(() -> error("'" + key + "' is missing"));
  }

  /** A single value as text; empty where the key is missing. */
  public Optional<String> optionalText(String key) {
    Object value = entries.get(key);
    if (value instanceof Map || value instanceof List) {
      throw error("'" + key + "' is a single value");
    }
    return Optional.ofNullable(value).map(String::valueOf);
  }

  /** A whole number. */
  public long number(String key, long otherwise) {
    Object value = entries.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw error("'" + key + "' is a whole number, not '" + value + "'");
  }

  /** A list of texts; a single text counts as a list of one. */
  public List<String> texts(String key) {
    Object value = entries.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return List.of(String.valueOf(value));
  }

  /** A mapping; empty where the key is missing. */
  public Optional<YamlMap> map(String key) {
    Object value = entries.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> map) {
      return Optional.of(new YamlMap(place + ", " + key, map));
    }
    throw error("'" + key + "' is a mapping");
  }

  /** A list whose elements are mappings or single words; a word w reads as {@code {is: w}}. */
  public List<YamlMap> maps(String key) {
    Object value = entries.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw error("'" + key + "' is a list");
    }
    List<YamlMap> maps = new ArrayList<>();
    for (Object element : list) {
      String where = place + ", " + key + " " + (maps.size() + 1);
      maps.add(
          element instanceof Map<?, ?> map
              ? new YamlMap(where, map)
              : new YamlMap(where, Map.of("is", String.valueOf(element))));
    }
    return maps;
  }

  /** The value of a key as a mapping; a word w reads as {@code {is: w}}. */
  public YamlMap mapOrWord(String key) {
    Object value = entries.get(key);
    String where = place + ", " + key;
    return value instanceof Map<?, ?> map
        ? new YamlMap(where, map)
        : new YamlMap(where, Map.of("is", String.valueOf(value)));
  }

  /** What is wrong here, with the place in front. */
  public IllegalArgumentException error(String what) {
    return new IllegalArgumentException(place + ": " + what);
  }
}
