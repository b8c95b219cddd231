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

/** What event codes mean, from {@code events.properties}. Immutable. */
final class EventWords {
  static final EventWords BUILT_IN = load();

  private final Map<String, Meaning> meanings;

  /** A word of the event vocabulary, how bad it is, and a sentence. */
  record Meaning(String code, Severity severity, String text) {}

  private EventWords(Map<String, Meaning> meanings) {
    this.meanings = Map.copyOf(meanings);
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

  private static EventWords load() {
    Properties lines = new Properties();
    try (InputStream in = EventWords.class.getResourceAsStream("events.properties")) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file events.properties");
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
