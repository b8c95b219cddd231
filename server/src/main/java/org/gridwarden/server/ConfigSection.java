package org.gridwarden.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Secret;

/**
 * Takes typed values out of one section of the configuration; what is left over at {@link #done}
 * was a misspelling.
 */
final class ConfigSection {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})\\s*(B|KiB|MiB|GiB)");

  private final String path;
  private final ConfigNode.Mapping mapping;
  private final Secrets secrets;
  private final Set<String> known = new LinkedHashSet<>();

  ConfigSection(String path, ConfigNode.Mapping mapping, Secrets secrets) {
    this.path = path;
    this.mapping = mapping;
    this.secrets = secrets;
  }

  ConfigSection section(String key) {
    known.add(key);
    ConfigNode node = mapping.entries().get(key);
    return switch (node) {
      case null -> new ConfigSection(full(key), ConfigNode.Mapping.empty(mapping.place()), secrets);
      case ConfigNode.Mapping inner -> new ConfigSection(full(key), inner, secrets);
      case ConfigNode.Scalar scalar when scalar.text().isEmpty() && !scalar.quoted() ->
          new ConfigSection(full(key), ConfigNode.Mapping.empty(scalar.place()), secrets);
      default -> throw wrong(node, key, "holds keys of its own, as in `" + key + ": {…}`");
    };
  }

  /** Whether the key holds keys of its own, not a single word. */
  boolean holdsSection(String key) {
    return mapping.entries().get(key) instanceof ConfigNode.Mapping;
  }

  /** Whether the key is there at all. */
  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** What stands under the key, as plain maps by name; each must hold keys of its own. */
  Map<String, Map<String, Object>> sections(String key) {
    ConfigSection outer = section(key);
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    for (String name : outer.mapping.entries().keySet()) {
      all.put(name, outer.section(name).mapping.plain());
    }
    return all;
  }

  /** Texts by names that anybody chooses. */
  Map<String, String> texts(String key) {
    ConfigSection named = section(key);
    Map<String, String> all = new LinkedHashMap<>();
    for (String name : named.mapping.entries().keySet()) {
      all.put(name, named.text(name, ""));
    }
    return all;
  }

  /** Whole numbers by names that anybody chooses. */
  Map<String, Integer> numbers(String key, int least, int most) {
    ConfigSection named = section(key);
    Map<String, Integer> all = new LinkedHashMap<>();
    for (String name : named.mapping.entries().keySet()) {
      all.put(name, named.integer(name, least, least, most));
    }
    return all;
  }

  String text(String key, String otherwise) {
    known.add(key);
    return switch (mapping.entries().get(key)) {
      case null -> otherwise;
      case ConfigNode.Scalar scalar when !scalar.text().isEmpty() -> scalar.text();
      case ConfigNode node -> throw wrong(node, key, "is a word or text");
    };
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    String word = text(key, otherwise.name().toLowerCase(Locale.ROOT));
    Set<String> words = new LinkedHashSet<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(word)) {
        return constant;
      }
      words.add(name);
    }
    throw wrong(key, "is one of " + String.join(", ", words) + ", not " + word);
  }

  boolean flag(String key, boolean otherwise) {
    return switch (text(key, Boolean.toString(otherwise))) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, "is true or false");
    };
  }

  int integer(String key, int otherwise, int least, int most) {
    String text = text(key, Integer.toString(otherwise));
    if (text.matches("-?[0-9]{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw wrong(key, "is a whole number from " + least + " to " + most + ", not " + text);
  }

  int port(String key, int otherwise) {
    return integer(key, otherwise, 0, 65_535);
  }

  InetAddress address(String key, String otherwise) {
    String text = text(key, otherwise);
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw wrong(key, "is an address of this machine, 127.0.0.1 or 0.0.0.0 say, not " + text);
    }
  }

  /** A duration as {@code 250ms}, {@code 30s}, {@code 15m}, {@code 12h} or {@code 400d}. */
  Duration duration(String key, Duration otherwise, Duration least, Duration most) {
    if (!has(key)) {
      known.add(key);
      return otherwise;
    }
    String text = text(key, "");
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration value =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
        return value;
      }
    }
    throw wrong(
        key, "is a time from " + words(least) + " to " + words(most) + ", as in 30s, 15m or 400d");
  }

  /** A number of bytes as {@code 512KiB}, {@code 64MiB}, {@code 2GiB}. */
  long size(String key, long otherwise, long least, long most) {
    if (!has(key)) {
      known.add(key);
      return otherwise;
    }
    Matcher matcher = SIZE.matcher(text(key, ""));
    if (matcher.matches()) {
      int shift =
          switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
          };
      long value = Long.parseLong(matcher.group(1)) << shift;
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw wrong(key, "is a size from " + least + " B to " + most + " B, as in 64MiB");
  }

  Path file(String key, Path otherwise) {
    return has(key) ? secrets.resolve(text(key, "")) : keep(key, otherwise);
  }

  /** What a {@code file:} or {@code env:} reference points to; of length 0 where nothing stands. */
  Secret secret(String key) {
    if (!has(key)) {
      return keep(key, new Secret(new byte[0]));
    }
    try {
      return secrets.read(text(key, ""));
    } catch (ConfigException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  /** Refuses what nobody asked for. */
  void done() {
    for (Map.Entry<String, ConfigNode> entry : mapping.entries().entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new ConfigException(
            entry.getValue().place()
                + ": unknown key "
                + full(entry.getKey())
                + ": known here are "
                + String.join(", ", known));
      }
    }
  }

  ConfigException wrong(String key, String what) {
    ConfigNode node = mapping.entries().get(key);
    return wrong(node == null ? mapping : node, key, what);
  }

  private ConfigException wrong(ConfigNode at, String key, String what) {
    return new ConfigException(at.place() + ": " + full(key) + " " + what);
  }

  private <T> T keep(String key, T value) {
    known.add(key);
    return value;
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String words(Duration duration) {
    if (duration.toSeconds() < 1) {
      return duration.toMillis() + "ms";
    }
    return duration.toDays() >= 2 ? duration.toDays() + "d" : duration.toSeconds() + "s";
  }
}
