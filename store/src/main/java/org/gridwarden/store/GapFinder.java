package org.gridwarden.store;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;

/** Reckons from the day rows, and from what waits in landing, which slots are there. Stateless. */
final class GapFinder {
  private final Rooms rooms;

  GapFinder(Rooms rooms) {
    this.rooms = rooms;
  }

  /** Of one meter, a channel's slots that are there. */
  private record Seen(CollectionGaps.Question question, Map<ObisCode, BitSet> byChannel) {}

  /** Answers questions about many meters at once, in their order. */
  List<CollectionGaps> find(List<CollectionGaps.Question> questions) {
    Map<Integer, List<Seen>> byMeter = new HashMap<>();
    List<Seen> all = new ArrayList<>();
    for (CollectionGaps.Question question : questions) {
      Map<ObisCode, BitSet> channels = new HashMap<>();
      question.channels().forEach(obis -> channels.put(obis, new BitSet()));
      Seen seen = new Seen(question, channels);
      all.add(seen);
      rooms
          .dictionary()
          .meter(question.meter())
          .ifPresent(n -> byMeter.computeIfAbsent(n, k -> new ArrayList<>(1)).add(seen));
    }
    look(byMeter);
    return all.stream().map(seen -> CollectionGaps.of(seen.question, complete(seen))).toList();
  }

  private static BitSet complete(Seen seen) {
    BitSet there = new BitSet();
    there.set(0, seen.question.slots());
    seen.byChannel.values().forEach(there::and);
    return there;
  }

  private void look(Map<Integer, List<Seen>> byMeter) {
    if (byMeter.isEmpty()) {
      return;
    }
    rooms
        .transactions()
        .run(
            "reading channels",
            c -> {
              rooms.channels().learn(c, byMeter.keySet());
              return byMeter;
            });
    TreeSet<Integer> channels = new TreeSet<>();
    LocalDate first = LocalDate.MAX;
    LocalDate last = LocalDate.MIN;
    for (Map.Entry<Integer, List<Seen>> e : byMeter.entrySet()) {
      for (Seen seen : e.getValue()) {
        for (Channels.Member member : rooms.channels().of(e.getKey())) {
          if (counts(seen, member.kind(), member.row())) {
            channels.add(member.row().id());
          }
        }
        // a civil day begins at most a day before or after the same date in UTC
        LocalDate from = LocalDate.ofInstant(seen.question.from(), ZoneOffset.UTC).minusDays(1);
        LocalDate to = LocalDate.ofInstant(seen.question.to(), ZoneOffset.UTC).plusDays(1);
        first = from.isBefore(first) ? from : first;
        last = to.isAfter(last) ? to : last;
      }
    }
    if (channels.isEmpty()) {
      return;
    }
    DayCursor.Question question =
        new DayCursor.Question(byMeter.keySet(), channels, Layer.RAW, first, last);
    try (Stream<DayRow> rows = DayCursor.open(rooms, question, this::zone)) {
      rows.forEach(row ->
          byMeter.getOrDefault(row.key().meter(), List.of()).forEach(seen -> mark(seen, row)));
    }
  }

  private static boolean counts(Seen seen, int kind, Channels.Row row) {
    return kind == Channels.INTERVAL
        && row.intervalSeconds() == seen.question.slot().toSeconds()
        && seen.byChannel.containsKey(row.obis());
  }

  private void mark(Seen seen, DayRow row) {
    Channels.Row channel = rooms.channels().byId(row.key().channel());
    if (!counts(seen, Channels.INTERVAL, channel)) {
      return;
    }
    BitSet there = seen.byChannel.get(channel.obis());
    if (there == null) {
      return;
    }
    int slots = row.values().length;
    for (int i = 0; i < slots; i++) {
      if (row.qualityOf(i) != Quality.MISSING) {
        int index =
            seen.question.indexOf(row.start().plusSeconds((long) i * row.intervalSeconds()));
        if (index >= 0) {
          there.set(index);
        }
      }
    }
  }

  private ZoneId zone(int meter) {
    return rooms
        .directory()
        .byId(rooms.dictionary().name(meter))
        .map(m -> m.zone())
        .orElse(ZoneOffset.UTC);
  }
}
