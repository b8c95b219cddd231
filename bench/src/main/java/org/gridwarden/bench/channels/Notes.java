package org.gridwarden.bench.channels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What both sides have noted of one trial, put together: each message's way. Times are those of
 * {@link System#nanoTime}, which all processes of one machine share.
 */
final class Notes {
  private final Map<String, Told> messages = new HashMap<>();
  private final Map<String, List<Long>> ordered = new HashMap<>();
  private int unknown;

  /** A message's way. */
  static final class Told {
    private long sent;
    private int times;
    private int plain;
    private int sealed;
    private Optional<Long> came = Optional.empty();
    private int comings;
    private Optional<Long> confirmed = Optional.empty();

    /** When it was sent first. */
    long sent() {
      return sent;
    }

    /** How often its meter sent it. */
    int times() {
      return times;
    }

    /** What it says, in bytes. */
    int plain() {
      return plain;
    }

    /** The same under its meter's key. */
    int sealed() {
      return sealed;
    }

    /** When it came to the office's intake first. */
    Optional<Long> came() {
      return came;
    }

    /** How often it came there. */
    int comings() {
      return comings;
    }

    /** When its meter heard that it is stored. */
    Optional<Long> confirmed() {
      return confirmed;
    }
  }

  /** Reads both files. */
  static Notes read(Path meters, Path office) throws IOException {
    Notes notes = new Notes();
    for (String line : Files.readAllLines(meters)) {
      notes.meters(line.split(","));
    }
    for (String line : Files.readAllLines(office)) {
      notes.office(line.split(","));
    }
    return notes;
  }

  private void meters(String[] p) {
    String key = p[1] + " " + p[2];
    long at = Long.parseLong(p[3]);
    switch (p[0]) {
      case "sent" -> {
        Told told = messages.computeIfAbsent(key, k -> new Told());
        if (told.times == 0) {
          told.sent = at;
          told.plain = Integer.parseInt(p[4]);
          told.sealed = Integer.parseInt(p[5]);
        }
        told.times++;
      }
      case "confirmed" ->
          messages.computeIfAbsent(key, k -> new Told()).confirmed = Optional.of(at);
      case "ordered" -> ordered.computeIfAbsent(p[1], m -> new ArrayList<>()).add(at);
      default -> {
        // a way that was opened again
      }
    }
  }

  private void office(String[] p) {
    Told told = messages.get(p[0] + " " + p[1]);
    if (told == null) {
      unknown++; // a receipt, which no meter notes
      return;
    }
    long at = Long.parseLong(p[2]);
    told.comings++;
    if (told.came.isEmpty() || told.came.get() > at) {
      told.came = Optional.of(at);
    }
  }

  /** All messages. */
  List<Told> messages() {
    return List.copyOf(messages.values());
  }

  /** Those that were first sent from one moment on and before another. */
  List<Told> between(long from, long to) {
    return messages.values().stream().filter(t -> t.sent >= from && t.sent < to).toList();
  }

  /** When an order came to a meter's desk after a moment; empty where none did. */
  Optional<Long> ordered(String meter, long after) {
    return ordered.getOrDefault(meter, List.of()).stream().filter(t -> t >= after).findFirst();
  }

  /** How much came to the office of which no meter says that it sent it. */
  int unknown() {
    return unknown;
  }
}
