package org.gridwarden.mdm.vee;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.gridwarden.core.Blocks;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.store.SlotVersions;

/**
 * A meter's stored days as curves. Slots that came in another scaler than most are left out: they
 * belong to another channel. Thread-safe.
 */
public final class StoredCurves {
  private final Blocks blocks;
  private final SlotVersions versions;

  /** Over the store's blocks and versions. */
  public StoredCurves(Blocks blocks, SlotVersions versions) {
    this.blocks = blocks;
    this.versions = versions;
  }

  /**
   * The raw energy curves of whole days.
   *
   * @param to the day after the last
   */
  Map<SlotVersions.Channel, Curve> raw(
      MeterId meter, ZoneId zone, LocalDate from, LocalDate to, Set<LocalDate> holidays) {
    Instant begin = from.atStartOfDay(zone).toInstant();
    Instant end = to.atStartOfDay(zone).toInstant();
    Map<SlotVersions.Channel, List<IntervalBlock>> found = new LinkedHashMap<>();
    try (var days = blocks.read(meter, Layer.RAW, begin, end)) {
      days.filter(b -> b.unit() == Unit.WATT_HOUR)
          .forEach(b ->
              found
                  .computeIfAbsent(
                      new SlotVersions.Channel(b.channel(), b.day().slot(), b.unit(), b.scaler()),
                      c -> new ArrayList<>())
                  .add(b));
    }
    Map<Integer, Timeline> timelines = new TreeMap<>();
    Map<SlotVersions.Channel, Curve> curves = new LinkedHashMap<>();
    found.forEach((channel, its) -> {
      int step = Math.toIntExact(channel.slot().toSeconds());
      if (step >= 60 && 86_400 % step == 0) {
        Timeline time =
            timelines.computeIfAbsent(
                step,
                s ->
                    Timeline.ofDays(
                        from, (int) (to.toEpochDay() - from.toEpochDay()), s, zone, holidays));
        curves.put(channel, curve(time, channel, its));
      }
    });
    return curves;
  }

  private static Curve curve(
      Timeline time, SlotVersions.Channel channel, List<IntervalBlock> blocks) {
    long[] values = new long[time.slots()];
    byte[] quality = new byte[time.slots()];
    Arrays.fill(quality, Quality.MISSING);
    for (IntervalBlock block : blocks) {
      for (int i = 0; i < block.values().length; i++) {
        int slot = time.slotOf(block.day().startOf(i));
        if (slot >= 0 && slot < values.length && block.qualityOf(i) != Quality.MISSING) {
          values[slot] = block.values()[i];
          quality[slot] = block.qualityOf(i);
        }
      }
    }
    return new Curve(time, channel.unit(), channel.scaler(), values, quality);
  }

  /**
   * The final curve of whole days: raw, and over it the version of each slot that counts.
   *
   * @param to the day after the last
   * @return an empty map where nothing is stored
   */
  public Map<SlotVersions.Channel, Curve> finished(
      MeterId meter, ZoneId zone, LocalDate from, LocalDate to) {
    Map<SlotVersions.Channel, Curve> curves = raw(meter, zone, from, to, Set.of());
    curves.forEach((channel, curve) -> {
      Timeline time = curve.time();
      Instant end = Instant.ofEpochSecond(time.epochSecondOf(time.slots()));
      for (SlotVersions.Version one : versions.current(meter, channel, time.startOf(0), end)) {
        int slot = time.slotOf(one.start());
        if (one.value().isPresent()) {
          curve.values()[slot] = one.value().getAsLong();
          curve.quality()[slot] = one.quality();
        }
      }
    });
    return curves;
  }
}
