package org.gridwarden.exchange.export;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.exchange.Measure;
import org.gridwarden.store.Holds;
import org.gridwarden.store.Readings;
import org.gridwarden.store.SlotVersions;

/**
 * A meter's stored intervals, a civil day after the other; no more than a month is in memory at
 * once. Thread-safe.
 */
public final class MeterSource implements Source {
  private static final int CHUNK_DAYS = 31;

  private final Readings readings;
  private final SlotVersions versions;
  private final Holds holds;

  /** Over the store's. */
  public MeterSource(Readings readings, SlotVersions versions, Holds holds) {
    this.readings = readings;
    this.versions = versions;
    this.holds = holds;
  }

  private record Kind(ObisCode obis, int seconds) {}

  @Override
  public List<ExportChannel> channels(MeterId meter) {
    Map<Kind, ExportChannel> found = new LinkedHashMap<>();
    for (Readings.ChannelInfo info : readings.channels(meter)) {
      Optional<Measure> measure = Measure.of(info.obis(), info.unit());
      int seconds = (int) info.interval().toSeconds();
      if (info.kind() == Readings.Kind.INTERVAL && measure.isPresent() && seconds > 0) {
        found.merge(
            new Kind(info.obis(), seconds),
            new ExportChannel(measure.get(), info.obis(), seconds, info.scaler()),
            (a, b) -> a.scaler() <= b.scaler() ? a : b);
      }
    }
    return List.copyOf(found.values());
  }

  @Override
  public void days(ExportPart part, ExportChannel channel, EachDay each) throws IOException {
    ZoneId zone = part.meter().zone();
    Instant from = part.from();
    while (from.isBefore(part.to())) {
      Instant end =
          LocalDate.ofInstant(from, zone).plusDays(CHUNK_DAYS).atStartOfDay(zone).toInstant();
      Instant to = end.isBefore(part.to()) ? end : part.to();
      chunk(part, channel, from, to, zone, each);
      from = to;
    }
  }

  private void chunk(
      ExportPart part, ExportChannel channel, Instant from, Instant to, ZoneId zone, EachDay each)
      throws IOException {
    TreeMap<Long, ExportSlot> slots = new TreeMap<>();
    MeterId meter = part.meter().id();
    try (Stream<Slot> raw = readings.slots(meter, channel.obis(), Layer.RAW, from, to)) {
      raw.filter(s -> s.length().toSeconds() == channel.seconds())
          .forEach(s ->
              slots.put(
                  s.start().getEpochSecond(),
                  new ExportSlot(
                      s.start().getEpochSecond(),
                      scaled(s.value().raw(), s.value().scaler() - channel.scaler()),
                      s.quality())));
    }
    if (part.layer() == Layer.FINAL) {
      overlay(meter, channel, from, to, slots);
    }
    List<Holds.Span> held = holds.held(meter, from, to);
    List<ExportSlot> day = new ArrayList<>();
    LocalDate date = LocalDate.MIN;
    for (ExportSlot slot : slots.values()) {
      LocalDate its = LocalDate.ofInstant(Instant.ofEpochSecond(slot.start()), zone);
      if (!its.equals(date) && !day.isEmpty()) {
        each.take(day);
        day = new ArrayList<>();
      }
      date = its;
      day.add(marked(slot, held, channel.seconds()));
    }
    if (!day.isEmpty()) {
      each.take(day);
    }
  }

  private void overlay(
      MeterId meter,
      ExportChannel channel,
      Instant from,
      Instant to,
      TreeMap<Long, ExportSlot> slots) {
    for (Readings.ChannelInfo info : readings.channels(meter)) {
      if (!info.obis().equals(channel.obis())
          || info.kind() != Readings.Kind.INTERVAL
          || info.interval().toSeconds() != channel.seconds()) {
        continue;
      }
      SlotVersions.Channel which =
          new SlotVersions.Channel(
              info.obis(), Duration.ofSeconds(channel.seconds()), info.unit(), info.scaler());
      for (SlotVersions.Version one : versions.current(meter, which, from, to)) {
        if (one.value().isPresent()) {
          long start = one.start().getEpochSecond();
          slots.put(
              start,
              new ExportSlot(
                  start,
                  scaled(one.value().getAsLong(), info.scaler() - channel.scaler()),
                  one.quality()));
        }
      }
    }
  }

  /** C20: what is held is kept and shown, and nobody takes it for good. */
  private static ExportSlot marked(ExportSlot slot, List<Holds.Span> held, int seconds) {
    Instant start = Instant.ofEpochSecond(slot.start());
    boolean meets = held.stream().anyMatch(h -> h.meets(start, start.plusSeconds(seconds)));
    return meets
        ? new ExportSlot(slot.start(), slot.value(), (byte) (slot.quality() | Quality.DOUBTFUL))
        : slot;
  }

  private static long scaled(long raw, int power) {
    long value = raw;
    for (int i = 0; i < power; i++) {
      value = Math.multiplyExact(value, 10L);
    }
    return value;
  }
}
