package org.gridwarden.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;

/**
 * An entry as a line of text: {@code serial counter fact;fact;…;}, where a fact is {@code
 * s:OBIS:start:seconds:v,v,…}, {@code v:OBIS:at:raw:scaler} or {@code e:OBIS:at:code}, times in
 * seconds of the epoch. The closing bar tells a whole line from a torn one.
 */
final class JournalLine {
  private JournalLine() {}

  static String format(Confirmed entry) {
    StringBuilder line = new StringBuilder(160);
    line.append(entry.serial()).append(' ').append(entry.counter()).append(' ');
    for (Confirmed.Fact fact : entry.facts()) {
      switch (fact) {
        case Confirmed.Slots s -> {
          line.append("s:").append(s.channel()).append(':').append(s.start().getEpochSecond());
          line.append(':').append(s.seconds()).append(':');
          for (int i = 0; i < s.values().size(); i++) {
            line.append(i == 0 ? "" : ",").append(s.values().get(i));
          }
        }
        case Confirmed.Value v -> {
          line.append("v:").append(v.channel()).append(':').append(v.at().getEpochSecond());
          line.append(':').append(v.raw()).append(':').append(v.scaler());
        }
        case Confirmed.Event e -> {
          line.append("e:").append(e.log()).append(':').append(e.at().getEpochSecond());
          line.append(':').append(e.code());
        }
      }
      line.append(';');
    }
    return line.append('|').toString();
  }

  /** The entry, or nothing where the line was cut off. */
  static Optional<Confirmed> parse(String line) {
    if (!line.endsWith("|")) {
      return Optional.empty();
    }
    String[] parts = line.substring(0, line.length() - 1).split(" ", -1);
    List<Confirmed.Fact> facts = new ArrayList<>();
    for (String fact : parts[2].split(";")) {
      if (!fact.isEmpty()) {
        facts.add(fact(fact.split(":", -1)));
      }
    }
    return Optional.of(new Confirmed(parts[0], Long.parseLong(parts[1]), facts));
  }

  private static Confirmed.Fact fact(String[] f) {
    ObisCode channel = ObisCode.parse(f[1]);
    Instant at = Instant.ofEpochSecond(Long.parseLong(f[2]));
    return switch (f[0]) {
      case "s" -> {
        List<Integer> values = new ArrayList<>();
        for (String value : f[4].split(",")) {
          values.add(Integer.valueOf(value));
        }
        yield new Confirmed.Slots(channel, at, Integer.parseInt(f[3]), values);
      }
      case "v" -> new Confirmed.Value(channel, at, Long.parseLong(f[3]), Integer.parseInt(f[4]));
      case "e" -> new Confirmed.Event(channel, at, Integer.parseInt(f[3]));
      default -> throw new IllegalArgumentException("a journal has no fact '" + f[0] + "'");
    };
  }
}
