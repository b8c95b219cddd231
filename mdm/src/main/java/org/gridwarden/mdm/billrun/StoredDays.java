package org.gridwarden.mdm.billrun;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.PointLoad;
import org.gridwarden.mdm.proof.SlotRecord;
import org.gridwarden.store.MeterDaySignatures;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;

/**
 * A meter's days as they are billed: of each slot the version that counts. Where a meter measures
 * the same energy in two channels the profile's own (D = 29) goes before what was reckoned from
 * registers, then the one that knows more slots. Thread-safe.
 */
public final class StoredDays {
  private static final int LOAD_PROFILE = 29;

  /** What measures in shorter intervals measures for something else, in seconds. */
  private static final int SHORTEST = 60;

  private final Store store;

  /** Over a store. */
  public StoredDays(Store store) {
    this.store = store;
  }

  /**
   * A day and the channel it lies in.
   *
   * @param record without revision and salt: no leaf yet
   */
  public record ChannelDay(SlotVersions.Channel channel, DayRecord record) {}

  private record Direction(boolean fedIn, LocalDate date) {}

  /**
   * A meter's days, by direction and date.
   *
   * @param zone the meter's
   * @param to the day after the last
   */
  public List<ChannelDay> read(MeterId meter, ZoneId zone, LocalDate from, LocalDate to) {
    Instant begin = from.atStartOfDay(zone).toInstant();
    Instant end = to.atStartOfDay(zone).toInstant();
    Map<SlotVersions.Channel, Map<LocalDate, IntervalBlock>> raw = new LinkedHashMap<>();
    try (var blocks = store.blocks().read(meter, Layer.RAW, begin, end)) {
      blocks
          .filter(b -> b.unit() == Unit.WATT_HOUR && PointLoad.bills(b.channel()))
          .filter(b -> b.day().slot().toSeconds() >= SHORTEST)
          .filter(b -> !b.day().date().isBefore(from) && b.day().date().isBefore(to))
          .forEach(b ->
              raw.computeIfAbsent(
                      new SlotVersions.Channel(b.channel(), b.day().slot(), b.unit(), b.scaler()),
                      c -> new TreeMap<>())
                  .put(b.day().date(), b));
    }
    Map<Direction, ChannelDay> best = new LinkedHashMap<>();
    raw.forEach((channel, days) -> {
      for (ChannelDay day : days(meter, zone, channel, days, begin, end)) {
        best.merge(
            new Direction(channel.obis().c() == 2, day.record().date()),
            day,
            (a, b) -> ORDER.compare(a, b) >= 0 ? a : b);
      }
    });
    return List.copyOf(best.values());
  }

  private static final Comparator<ChannelDay> ORDER =
      Comparator.comparing((ChannelDay d) -> d.channel().obis().d() == LOAD_PROFILE)
          .thenComparing(d -> d.record().slots().stream().filter(s -> !s.missing()).count());

  private Collection<ChannelDay> days(
      MeterId meter,
      ZoneId zone,
      SlotVersions.Channel channel,
      Map<LocalDate, IntervalBlock> raw,
      Instant begin,
      Instant end) {
    Map<LocalDate, Map<Instant, SlotVersions.Version>> versions = new TreeMap<>();
    for (SlotVersions.Version one : store.slotVersions().current(meter, channel, begin, end)) {
      if (one.value().isPresent()) {
        versions
            .computeIfAbsent(LocalDate.ofInstant(one.start(), zone), d -> new HashMap<>())
            .put(one.start(), one);
      }
    }
    Map<Instant, MeterDaySignatures.Row> signatures =
        store.meterDaySignatures().of(meter, channel, begin, end);
    List<LocalDate> dates = new ArrayList<>(raw.keySet());
    versions.keySet().stream().filter(d -> !raw.containsKey(d)).forEach(dates::add);
    List<ChannelDay> days = new ArrayList<>(dates.size());
    for (LocalDate date : dates) {
      IntervalBlock block = raw.get(date);
      Day day = block != null ? block.day() : Day.of(date, zone, channel.slot());
      days.add(
          new ChannelDay(
              channel,
              new DayRecord(
                  meter.value(),
                  channel.obis().toString(),
                  date,
                  day.start(),
                  Math.toIntExact(channel.slot().toSeconds()),
                  channel.unit().symbol(),
                  channel.scaler(),
                  1,
                  slots(day, Optional.ofNullable(block), versions.getOrDefault(date, Map.of())),
                  Optional.ofNullable(signatures.get(day.start())).map(StoredDays::signature),
                  "")));
    }
    return days;
  }

  private static List<SlotRecord> slots(
      Day day, Optional<IntervalBlock> block, Map<Instant, SlotVersions.Version> versions) {
    SlotRecord[] slots = new SlotRecord[day.slots()];
    Arrays.fill(slots, SlotRecord.MISSING);
    for (int i = 0; i < slots.length; i++) {
      SlotVersions.Version version = versions.isEmpty() ? null : versions.get(day.startOf(i));
      if (version != null) {
        slots[i] =
            new SlotRecord(
                version.value().orElseThrow(),
                version.quality(),
                version.number(),
                version.method(),
                version.cause());
      } else if (block.isPresent() && block.get().qualityOf(i) != Quality.MISSING) {
        slots[i] = new SlotRecord(block.get().values()[i], block.get().qualityOf(i), 0, "", "");
      }
    }
    return List.of(slots);
  }

  private static DayRecord.Signature signature(MeterDaySignatures.Row row) {
    Base64.Encoder base64 = Base64.getEncoder();
    String signed = base64.encodeToString(row.signed());
    String by = base64.encodeToString(row.by());
    return row.certified()
        ? new DayRecord.Signature(signed, by)
        : DayRecord.Signature.under(signed, by);
  }
}
