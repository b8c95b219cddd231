package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.gridwarden.core.Severity;

/** What the bits of the metering status, and the alarms of the same numbers, mean: data. */
final class StatusWords {
  private static final Map<String, Meaning> MEANINGS = load();

  /** A word of the event vocabulary, how bad it is, and a sentence. */
  record Meaning(String code, Severity severity, String text) {}

  private StatusWords() {}

  /** What a bit of the metering status, or an alarm of that number, means. */
  static Meaning metering(int bit) {
    Meaning known = MEANINGS.get("0702.0200/" + bit);
    return known != null
        ? known
        : new Meaning("event.zigbee." + bit, Severity.INFO, "The meter reports its alarm " + bit);
  }

  /** What a bit of a prepaid credit's status means; empty where it is nothing to be told. */
  static Optional<Meaning> credit(int bit) {
    return Optional.ofNullable(MEANINGS.get("0705.0003/" + bit));
  }

  private static Map<String, Meaning> load() {
    Properties lines = new Properties();
    try (InputStream in = StatusWords.class.getResourceAsStream("status.properties")) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file status.properties");
      }
      lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Meaning> meanings = new HashMap<>();
    for (String key : lines.stringPropertyNames()) {
      String[] words = lines.getProperty(key).strip().split(" ", 3);
      meanings.put(
          key,
          new Meaning(words[0], Severity.valueOf(words[1].toUpperCase(Locale.ROOT)), words[2]));
    }
    return Map.copyOf(meanings);
  }
}
