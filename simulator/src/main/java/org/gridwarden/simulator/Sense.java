package org.gridwarden.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.gridwarden.cosem.ObisCode;

/**
 * What a meter can sense, from {@code senses.properties}.
 *
 * @param word its name
 * @param log the event object that it is told by
 * @param begins the code where it begins
 * @param ends the code where it is over; 0 where it is over at once
 * @param bit its bit in the alarm register; -1 for none
 * @param erasesWith together with this other sense the meter erases its keys; empty: never
 * @param text what is done, in a sentence
 */
public record Sense(
    String word, ObisCode log, int begins, int ends, int bit, String erasesWith, String text) {
  /** What the hand of a demo or test can do; told in the order of the alphabet. */
  public static final List<Sense> ALL;

  static final Sense KEYS_ERASED;
  static final String ERASED = "keys-erased";

  private static final String FILE = "senses.properties";

  static {
    List<Sense> all = read();
    KEYS_ERASED = all.stream().filter(s -> s.word().equals(ERASED)).findFirst().orElseThrow();
    ALL = all.stream().filter(s -> !s.word().equals(ERASED)).toList();
  }

  /**
   * By its name.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  public static Sense of(String word) {
    return ALL.stream()
        .filter(sense -> sense.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + word + "' is none of " + ALL.stream().map(Sense::word).toList()));
  }

  /** Whether it lasts until it is undone. */
  public boolean lasts() {
    return ends != 0;
  }

  private static List<Sense> read() {
    Properties lines = new Properties();
    try (InputStream in = Sense.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + FILE);
      }
      lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Sense> senses = new ArrayList<>();
    lines.stringPropertyNames().stream()
        .sorted()
        .forEach(word -> senses.add(parse(word, lines.getProperty(word).strip())));
    return List.copyOf(senses);
  }

  private static Sense parse(String word, String line) {
    String[] parts = line.split("\\s+", 5);
    String rest = parts[4];
    String erasesWith = "";
    if (rest.startsWith("erases-with ")) {
      String[] with = rest.split("\\s+", 3);
      erasesWith = with[1];
      rest = with[2];
    }
    return new Sense(
        word,
        ObisCode.parse(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Integer.parseInt(parts[3]),
        erasesWith,
        rest);
  }
}
