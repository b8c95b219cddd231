package org.gridwarden.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A section of the configuration as a {@link ChannelFactory} gets it, and where it stands, so that
 * what is wrong can be named. Immutable.
 */
public final class SettingsSection {
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int LONGEST_SECRET = 64 * 1024;

  private final String at;
  private final Map<String, Object> map;

  private SettingsSection(String at, Map<String, Object> map) {
    this.at = at;
    this.map = map;
  }

  /** The section that a factory was given. */
  public static SettingsSection of(Map<String, Object> settings) {
    return new SettingsSection("", settings);
  }

  /**
   * The keys that there are.
   *
   * @throws IllegalArgumentException where there is another one
   */
  public void only(String... keys) {
    Set<String> allowed = new TreeSet<>(List.of(keys));
    for (String key : map.keySet()) {
      if (!allowed.contains(key)) {
        throw new IllegalArgumentException(
            "'" + at + key + "' is not a key here; there are " + String.join(", ", allowed));
      }
    }
  }

  /** What to throw where a key's value is not as it should be. */
  public IllegalArgumentException wrong(String key, String should) {
    return new IllegalArgumentException("'" + at + key + "' must be " + should);
  }

  /** A text; empty where the key is not there. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(map.get(key)).map(Object::toString);
  }

  /**
   * A secret that stands elsewhere; empty where the key is not there.
   *
   * @throws IllegalArgumentException where the value is no reference, {@code file:/PATH} or {@code
   *     env:NAME}, or leads nowhere; it does not repeat the value, which may be the secret itself
   */
  public Optional<Secret> secret(String key) {
    return text(key).map(reference -> secret(key, reference.trim()));
  }

  private Secret secret(String key, String reference) {
    if (reference.startsWith("env:")) {
      String value = System.getenv(reference.substring("env:".length()));
      if (value == null || value.isEmpty()) {
        throw wrong(key, "a variable that is set: it points to one that is not");
      }
      return new Secret(value.getBytes(StandardCharsets.UTF_8));
    }
    if (!reference.startsWith("file:/")) {
      throw wrong(key, "a reference, file:/PATH or env:NAME: no secret stands here");
    }
    Path file = Path.of(reference.substring("file:".length()));
    try {
      if (Files.size(file) > LONGEST_SECRET) {
        throw wrong(key, "a file of a secret: " + file + " is too long for one");
      }
      return new Secret(Files.readString(file).stripTrailing().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw wrong(key, "a file that can be read, which " + file + " is not");
    }
  }

  /** The path of a file, from the root on; empty where the key is not there. */
  public Optional<Path> path(String key) {
    Optional<Path> path = text(key).map(Path::of);
    if (path.isPresent() && !path.get().isAbsolute()) {
      throw wrong(key, "a path that begins with /");
    }
    return path;
  }

  /** A number within bounds. */
  public int number(String key, int usual, int least, int most) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return usual;
    }
    try {
      int value = Integer.parseInt(text.get().trim());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw wrong(key, "a number from " + least + " to " + most);
  }

  /** A time, longer than none and 30 days at most. */
  public Duration duration(String key, Duration usual) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return usual;
    }
    String value = text.get().trim().toLowerCase(Locale.ROOT);
    String digits = value.replaceAll("[a-z]+$", "");
    try {
      long count = Long.parseLong(digits);
      Duration duration =
          switch (value.substring(digits.length())) {
            case "ms" -> Duration.ofMillis(count);
            case "", "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ZERO;
          };
      if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (NumberFormatException | ArithmeticException _) {
      // told below
    }
    throw wrong(key, "a time such as 500ms, 30s, 5m or 2h");
  }

  /** One of some words. */
  public String oneOf(String key, String usual, String... words) {
    String word = text(key).orElse(usual).trim().toLowerCase(Locale.ROOT);
    if (!List.of(words).contains(word)) {
      throw wrong(key, String.join(" or ", words));
    }
    return word;
  }

  /** A section within this one; empty where the key is not there. */
  public Optional<SettingsSection> section(String key) {
    return map.get(key) != null ? Optional.of(within(key, map.get(key), "")) : Optional.empty();
  }

  /**
   * Sections in a list; none where the key is not there.
   *
   * @param should what to say where it is no list
   */
  public List<SettingsSection> list(String key, String should) {
    if (map.get(key) == null) {
      return List.of();
    }
    if (!(map.get(key) instanceof List<?> items)) {
      throw wrong(key, should);
    }
    List<SettingsSection> sections = new ArrayList<>();
    for (Object item : items) {
      sections.add(within(key, item, "[" + sections.size() + "]"));
    }
    return sections;
  }

  private SettingsSection within(String key, @Nullable Object value, String place) {
    if (!(value instanceof Map<?, ?> inner)) {
      throw wrong(key + place, "a section with keys of its own");
    }
    Map<String, Object> keys = new TreeMap<>();
    inner.forEach((k, v) -> {
      if (v != null) {
        keys.put(String.valueOf(k), v);
      }
    });
    return new SettingsSection(at + key + place + ".", keys);
  }
}
