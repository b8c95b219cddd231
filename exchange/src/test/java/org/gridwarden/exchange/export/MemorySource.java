package org.gridwarden.exchange.export;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;
import org.gridwarden.exchange.Measure;

/** A meter's intervals in memory. */
public record MemorySource(Map<ExportChannel, List<ExportSlot>> all) implements Source {
  /** Days of energy delivered and received, quarter-hours, with a gap and an estimate in them. */
  public static MemorySource twoWeeks(LocalDate from, ZoneId zone) {
    Measure received = Measure.of(72, 19).orElseThrow();
    ExportChannel in = new ExportChannel(Measure.DELIVERED, Measure.DELIVERED.channel(), 900, -1);
    ExportChannel out = new ExportChannel(received, received.channel(), 3600, 0);
    long start = from.atStartOfDay(zone).toEpochSecond();
    long end = from.plusDays(14).atStartOfDay(zone).toEpochSecond();
    List<ExportSlot> quarters = new ArrayList<>();
    for (long at = start; at < end; at += 900) {
      if (at != start + 9_000) {
        quarters.add(new ExportSlot(at, at / 900 % 977, (byte) (at == start + 18_000 ? 0x10 : 0)));
      }
    }
    List<ExportSlot> hours = new ArrayList<>();
    for (long at = start; at < end; at += 3600) {
      hours.add(new ExportSlot(at, -(at / 3600 % 13), (byte) 0));
    }
    return new MemorySource(new java.util.LinkedHashMap<>(Map.of(in, quarters, out, hours)));
  }

  @Override
  public List<ExportChannel> channels(MeterId meter) {
    return all.keySet().stream()
        .sorted(java.util.Comparator.comparing(c -> c.obis().toString()))
        .toList();
  }

  @Override
  public void days(ExportPart part, ExportChannel channel, EachDay each) throws IOException {
    TreeMap<LocalDate, List<ExportSlot>> days = new TreeMap<>();
    for (ExportSlot slot : all.getOrDefault(channel, List.of())) {
      days.computeIfAbsent(
              LocalDate.ofInstant(Instant.ofEpochSecond(slot.start()), part.meter().zone()),
              d -> new ArrayList<>())
          .add(slot);
    }
    for (List<ExportSlot> day : days.values()) {
      each.take(day);
    }
  }
}
