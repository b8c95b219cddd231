package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gridwarden.core.Day;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.SlotVersions.Version;
import org.gridwarden.store.Store;
import org.jspecify.annotations.Nullable;

/**
 * A civil day of a curve as it came and as it counts, every slot in its place, with each version of
 * a slot that has any.
 *
 * @param unit of all values
 * @param scaler values are whole multiples of 10^scaler of the unit
 */
record DayCurve(
    String from, String to, String unit, int scaler, long intervalSeconds, List<DaySlot> slots) {
  /**
   * A slot.
   *
   * @param raw as the meter sent it; null where nothing came
   * @param value what counts; null where nothing does
   * @param quality of what counts
   * @param versions what stood in, the first first
   */
  record DaySlot(
      String start,
      @Schema(types = {"string", "null"}) @Nullable String raw,
      @Schema(types = {"string", "null"}) @Nullable String value,
      List<String> quality,
      List<SlotVersionView> versions) {}

  /**
   * A version of a slot.
   *
   * @param value null: the raw one counts again
   * @param cause the rule that made it necessary; empty where a person did it
   * @param byKind person or system
   */
  record SlotVersionView(
      int number,
      @Schema(types = {"string", "null"}) @Nullable String value,
      String cause,
      String method,
      String by,
      String byKind,
      String reason,
      String at) {}

  static DayCurve of(
      Store store, MeterId meter, SlotVersions.Channel channel, ZoneId zone, LocalDate date) {
    Duration step = channel.slot();
    Day day = Day.of(date, zone, step);
    Instant end = day.start().plus(step.multipliedBy(day.slots()));
    Map<Instant, Slot> raw = new HashMap<>();
    try (var slots = store.readings().slots(meter, channel.obis(), Layer.RAW, day.start(), end)) {
      slots.forEach(slot -> raw.put(slot.start(), slot));
    }
    Map<Instant, List<Version>> versions = new HashMap<>();
    for (Version one : store.slotVersions().all(meter, channel, day.start(), end)) {
      versions.computeIfAbsent(one.start(), at -> new ArrayList<>()).add(one);
    }
    List<DaySlot> slots = new ArrayList<>();
    for (int i = 0; i < day.slots(); i++) {
      Instant start = day.startOf(i);
      slots.add(slot(channel, start, raw.get(start), versions.getOrDefault(start, List.of())));
    }
    return new DayCurve(
        day.start().toString(),
        end.toString(),
        channel.unit().symbol(),
        channel.scaler(),
        step.toSeconds(),
        Collections.unmodifiableList(slots));
  }

  private static DaySlot slot(
      SlotVersions.Channel channel, Instant start, @Nullable Slot raw, List<Version> versions) {
    String came = raw == null || raw.quality() == Quality.MISSING ? null : raw.value().plain();
    byte quality = raw == null ? Quality.MISSING : raw.quality();
    String counts = came;
    if (!versions.isEmpty() && versions.getLast().value().isPresent()) {
      counts = plain(channel, versions.getLast());
      quality = versions.getLast().quality();
    }
    return new DaySlot(
        start.toString(),
        came,
        counts,
        Fields.quality(quality),
        versions.stream().map(one -> view(channel, one)).toList());
  }

  private static SlotVersionView view(SlotVersions.Channel channel, Version one) {
    return new SlotVersionView(
        one.number(),
        plain(channel, one),
        one.cause(),
        one.method(),
        one.by().name(),
        one.by().kind().name().toLowerCase(Locale.ROOT),
        one.reason(),
        one.at().toString());
  }

  private static @Nullable String plain(SlotVersions.Channel channel, Version one) {
    return one.value().isPresent()
        ? new ScaledValue(one.value().getAsLong(), channel.scaler(), channel.unit()).plain()
        : null;
  }
}
