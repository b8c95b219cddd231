package org.gridwarden.headend.tamper;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.gridwarden.core.Severity;

/** What follows from which event: {@code tamper.properties} says it. Immutable. */
public final class TamperPolicy {
  private static final String FILE = "tamper.properties";
  private static final String STORM = "storm.";

  private final Map<String, Rule> rules;
  private final Map<String, String> ends;
  private final Set<String> lasting;
  private final int alarmsPerMinute;
  private final int evidencePerMinute;

  /**
   * What follows from a word.
   *
   * @param severity of its alarm
   * @param opensCase whether a case is opened
   * @param quarantines whether the meter goes into quarantine
   * @param revokes whether its keys go out of force
   * @param joins an open alarm whose word begins so is told instead; empty: none
   * @param revokesWith or only while an alarm of this word is open, too; empty: never
   */
  public record Rule(
      Severity severity,
      boolean opensCase,
      boolean quarantines,
      boolean revokes,
      List<String> joins,
      String revokesWith) {
    /** Whether many meters' alarms of it may share a row. */
    boolean mayBeGrouped() {
      return severity.compareTo(Severity.CRITICAL) < 0 && !opensCase;
    }
  }

  private TamperPolicy(
      Map<String, Rule> rules, Map<String, String> ends, int alarmsPerMinute, int evidence) {
    this.rules = Map.copyOf(rules);
    this.ends = Map.copyOf(ends);
    this.lasting = new HashSet<>(ends.values());
    this.alarmsPerMinute = alarmsPerMinute;
    this.evidencePerMinute = evidence;
  }

  /** The one that comes with the program. */
  public static TamperPolicy usual() {
    try (InputStream in = TamperPolicy.class.getResourceAsStream(FILE)) {
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
  public static TamperPolicy read(Reader text, String where) throws IOException {
    Properties lines = new Properties();
    lines.load(text);
    Map<String, Rule> rules = new HashMap<>();
    Map<String, String> ends = new HashMap<>();
    for (String word : lines.stringPropertyNames()) {
      if (word.startsWith(STORM)) {
        continue;
      }
      String line = lines.getProperty(word).strip();
      Deque<String> parts = new ArrayDeque<>(Arrays.asList(line.split("\\s+")));
      String first = parts.removeFirst();
      if (first.equals("ends") && parts.size() == 1) {
        ends.put(word, parts.removeFirst());
      } else {
        rules.put(word, rule(where + ": " + word, first, parts));
      }
    }
    return new TamperPolicy(
        rules,
        ends,
        number(lines, where, STORM + "alarms-per-minute"),
        number(lines, where, STORM + "evidence-per-minute"));
  }

  private static Rule rule(String where, String severity, Deque<String> parts) {
    boolean opens = false;
    boolean quarantines = false;
    boolean revokes = false;
    String with = "";
    List<String> joins = List.of();
    while (!parts.isEmpty()) {
      String part = parts.removeFirst();
      switch (part) {
        case "case" -> opens = true;
        case "quarantine" -> quarantines = true;
        case "revoke" -> revokes = true;
        case "joins" -> joins = List.of(operand(where, part, parts).split(","));
        case "revoke-with" -> with = operand(where, part, parts);
        default ->
            throw new IllegalArgumentException(
                where + ": '" + part + "' is none of case, quarantine, revoke, revoke-with, joins");
      }
    }
    if (!opens && (quarantines || revokes || !with.isEmpty())) {
      throw new IllegalArgumentException(where + ": without a case nobody would look after it");
    }
    try {
      return new Rule(Severity.valueOf(severity), opens, quarantines, revokes, joins, with);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          where + ": '" + severity + "' is none of INFO, ATTENTION, FAULT, CRITICAL, ends", e);
    }
  }

  private static String operand(String where, String part, Deque<String> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(where + ": " + part + " names another word");
    }
    return parts.removeFirst();
  }

  private static int number(Properties lines, String where, String key) {
    String text = lines.getProperty(key, "").strip();
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        where + ": " + key + " is a number of 1 or more, not '" + text + "'");
  }

  /** What follows from a word; empty where it is no alarm. */
  public Optional<Rule> rule(String word, Severity told) {
    Rule rule = rules.get(word);
    if (rule != null) {
      return Optional.of(rule);
    }
    return told == Severity.INFO
        ? Optional.empty()
        : Optional.of(new Rule(told, false, false, false, List.of(), ""));
  }

  /** Which alarm a word ends. */
  public Optional<String> ends(String word) {
    return Optional.ofNullable(ends.get(word));
  }

  /** Whether there is a word that ends this one. */
  boolean lasting(String word) {
    return lasting.contains(word);
  }

  int alarmsPerMinute() {
    return alarmsPerMinute;
  }

  int evidencePerMinute() {
    return evidencePerMinute;
  }
}
