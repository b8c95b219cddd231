package org.gridwarden.headend.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.core.Severity;

/** Which happening asks for which work: {@code work-orders.properties} says it. Immutable. */
public final class WorkPolicy {
  /** Its name, in the program and in a data folder. */
  public static final String FILE = "work-orders.properties";

  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,4})([hd])");
  private static final String NEEDS = "needs.";
  private static final List<String> PARTS =
      List.of("kind", "title", "severity", "due", "after", "most");

  private final Map<Happening, Rule> rules;
  private final Map<String, Set<Need>> needs;

  /** What can ask for work. */
  public enum Happening {
    /** A case was opened at a meter. */
    CASE_OPENED("case.opened"),
    /** A meter is not heard of any more. */
    METER_SILENT("meter.silent"),
    /** A meter is mounted for as long as it may be. */
    EXCHANGE_DUE("exchange.due");

    private final String word;

    Happening(String word) {
      this.word = word;
    }

    /** As the file calls it. */
    public String word() {
      return word;
    }
  }

  /** What shows that work was done, besides words. */
  public enum Need {
    /** A photograph or a paper. */
    FILE,
    /** What the meter showed. */
    READINGS
  }

  /**
   * What a happening asks for.
   *
   * @param kind a word for the work
   * @param title in a line
   * @param severity how urgent
   * @param after how long it must last
   * @param due how long there is for the work
   * @param most where more last at once, nothing is ordered
   */
  public record Rule(
      String kind, String title, Severity severity, Duration after, Duration due, int most) {}

  private WorkPolicy(Map<Happening, Rule> rules, Map<String, Set<Need>> needs) {
    this.rules = Map.copyOf(rules);
    this.needs = Map.copyOf(needs);
  }

  /**
   * The data folder's, or the one that comes with the program.
   *
   * @throws IllegalArgumentException naming the line that makes no sense
   */
  public static WorkPolicy in(Path folder) throws IOException {
    Path own = folder.resolve(FILE);
    if (!Files.exists(own)) {
      return usual();
    }
    try (Reader text = Files.newBufferedReader(own)) {
      return read(text, own.toString());
    }
  }

  /** The one that comes with the program. */
  public static WorkPolicy usual() {
    try (InputStream in = WorkPolicy.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + FILE);
      }
      return read(new InputStreamReader(in, StandardCharsets.UTF_8), FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a policy.
   *
   * @param where its name, for errors
   * @throws IllegalArgumentException naming the line that makes no sense
   */
  public static WorkPolicy read(Reader text, String where) throws IOException {
    Properties lines = new Properties();
    lines.load(text);
    Set<String> left = new TreeSet<>(lines.stringPropertyNames());
    Map<Happening, Rule> rules = new HashMap<>();
    for (Happening happening : Happening.values()) {
      if (lines.containsKey(happening.word() + ".kind")) {
        rules.put(happening, rule(lines, where, happening.word()));
      }
      PARTS.forEach(part -> left.remove(happening.word() + "." + part));
    }
    Map<String, Set<Need>> needs = new HashMap<>();
    for (String key : lines.stringPropertyNames()) {
      if (key.startsWith(NEEDS)) {
        needs.put(key.substring(NEEDS.length()), needs(lines, where, key));
        left.remove(key);
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          where
              + ": "
              + left.iterator().next()
              + " is none of "
              + String.join(", ", Arrays.stream(Happening.values()).map(Happening::word).toList())
              + ", each with "
              + String.join(", ", PARTS)
              + ", or of needs.KIND");
    }
    return new WorkPolicy(rules, needs);
  }

  private static Rule rule(Properties lines, String where, String word) {
    String at = where + ": " + word;
    String kind = text(lines, at, word + ".kind");
    if (!kind.matches("[a-z][a-z-]{1,31}")) {
      throw new IllegalArgumentException(at + ".kind is a word of small letters such as inspect");
    }
    String severity = text(lines, at, word + ".severity");
    try {
      return new Rule(
          kind,
          text(lines, at, word + ".title"),
          Severity.valueOf(severity),
          span(at + ".after", lines.getProperty(word + ".after", "0h").strip()),
          span(at + ".due", text(lines, at, word + ".due")),
          number(at + ".most", lines.getProperty(word + ".most", "1000").strip()));
    } catch (IllegalArgumentException e) {
      throw e.getMessage() != null && e.getMessage().startsWith(where)
          ? e
          : new IllegalArgumentException(
              at + ".severity: '" + severity + "' is none of INFO, ATTENTION, FAULT, CRITICAL", e);
    }
  }

  private static Set<Need> needs(Properties lines, String where, String key) {
    Set<Need> needs = EnumSet.noneOf(Need.class);
    for (String word : lines.getProperty(key).strip().split("[\\s,]+")) {
      try {
        needs.add(Need.valueOf(word.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            where + ": " + key + ": '" + word + "' is none of file, readings", e);
      }
    }
    return needs;
  }

  private static String text(Properties lines, String at, String key) {
    String text = lines.getProperty(key, "").strip();
    if (text.isEmpty() || text.length() > 200) {
      throw new IllegalArgumentException(
          at + key.substring(key.lastIndexOf('.')) + " has 1 to 200 characters");
    }
    return text;
  }

  private static Duration span(String at, String text) {
    Matcher span = SPAN.matcher(text);
    if (text.equals("0h")) {
      return Duration.ZERO;
    }
    if (!span.matches()) {
      throw new IllegalArgumentException(at + " is a span such as 12h or 3d, not '" + text + "'");
    }
    long number = Long.parseLong(span.group(1));
    return span.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
  }

  private static int number(String at, String text) {
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(at + " is 1 to 999999, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  /** What a happening asks for; empty: nothing. */
  public Optional<Rule> rule(Happening happening) {
    return Optional.ofNullable(rules.get(happening));
  }

  /** What must be there before work of a kind is closed as done. */
  public Set<Need> needs(String kind) {
    return needs.getOrDefault(kind, Set.of());
  }

  /** The kinds that it names, by the alphabet. */
  public List<String> kinds() {
    Set<String> kinds = new TreeSet<>(needs.keySet());
    rules.values().forEach(rule -> kinds.add(rule.kind()));
    return List.copyOf(kinds);
  }
}
