package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.gridwarden.core.Severity;
import org.gridwarden.cosem.ObisCode;

/** What event codes mean, from {@code events*.properties}. Immutable. */
final class EventWords {
  /** The codes that IDIS meters use, and most others. */
  static final EventWords IDIS = load("events.properties");

  /** The bits of alarm registers 1 and 2. */
  static final EventWords ALARM_BITS = load("alarm-bits.properties");

  private static final EventWords IS_15959 = load("events-is15959.properties");

  private final Map<String, Meaning> meanings;

  /** A word of the event vocabulary, how bad it is, and a sentence. */
  record Meaning(String code, Severity severity, String text) {}

  private EventWords(Map<String, Meaning> meanings) {
    this.meanings = Map.copyOf(meanings);
  }

  /** By a companion profile's vocabulary: its own, or IDIS's. */
  static EventWords named(String vocabulary) {
    return vocabulary.equals("is15959") ? IS_15959 : IDIS;
  }

  /** A code that is not listed keeps its number. */
  Meaning of(ObisCode obis, long code) {
    Meaning known = meanings.get(obis + "/" + code);
    return known != null
        ? known
        : new Meaning(
            "event." + obis + "." + code,
            Severity.INFO,
            "The meter reports event " + code + " under " + obis);
  }

  private static EventWords load(String file) {
    Properties lines = new Properties();
    try (InputStream in = EventWords.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + file);
      }
      lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Meaning> meanings = new HashMap<>();
    for (String key : lines.stringPropertyNames()) {
      String[] words = lines.getProperty(key).trim().split(" ", 3);
      meanings.put(key, new Meaning(words[0], Severity.valueOf(words[1]), words[2]));
    }
    return new EventWords(meanings);
  }
}
