package org.gridwarden.exchange.load;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.gridwarden.mdm.loadfile.LoadCsv;

/**
 * Instants of times as files write them: with an offset, or by a zone's clock. The hour that autumn
 * has twice is the first one, and the second where a meter's lines have passed it already. Not
 * thread-safe.
 */
final class LocalTimes {
  /** 2026-03-29 or 29.03.2026, then the time, with seconds or without. */
  private static final DateTimeFormatter CLOCK =
      new DateTimeFormatterBuilder()
          .appendPattern("[yyyy-MM-dd][dd.MM.yyyy][yyyy/MM/dd]['T'][' ']HH:mm[:ss]")
          .toFormatter(Locale.ROOT);

  private static final Pattern OFFSET = Pattern.compile("[0-9][+-][0-9]{2}:[0-9]{2}$");

  private final ImportSettings settings;
  private final MeterNames names;
  private final Map<String, Optional<ZoneId>> zones = new HashMap<>();

  LocalTimes(ImportSettings settings, MeterNames names) {
    this.settings = settings;
    this.names = names;
  }

  /** An instant, or what is wrong with its text. */
  record Found(long second, String fault) {
    static Found wrong(String fault) {
      return new Found(0, fault);
    }

    boolean fine() {
      return fault.isEmpty();
    }
  }

  /** Where a meter's days are cut; empty where neither settings nor registry say it. */
  Optional<ZoneId> zone(String meter) {
    if (settings.zone().isPresent()) {
      return settings.zone();
    }
    return zones.computeIfAbsent(
        settings.meter().orElse(meter), name -> names.find(name).map(m -> m.zone()));
  }

  /**
   * The instant of a text.
   *
   * @param after when the meter's line before began, as epoch second
   */
  Found of(String text, String meter, long after) {
    LocalDateTime clock;
    try {
      if (text.length() > 40) {
        throw new DateTimeException("too long");
      }
      if (text.endsWith("Z") || OFFSET.matcher(text).find()) {
        Instant at = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        return inRange(at.getEpochSecond());
      }
      clock = LocalDateTime.parse(text, CLOCK);
    } catch (DateTimeException e) {
      return Found.wrong(
          "starts at '"
              + LoadCsv.shown(text)
              + "'; write date and time, as in 2026-03-29T01:45 or 2026-03-29T01:45:00+01:00");
    }
    Optional<ZoneId> zone = zone(meter);
    if (zone.isEmpty()) {
      return Found.wrong(
          "has a time without an offset, and meter '"
              + LoadCsv.shown(meter)
              + "' is not known: import a shipment that names it, or say the --zone");
    }
    List<ZoneOffset> offsets = zone.get().getRules().getValidOffsets(clock);
    if (offsets.isEmpty()) {
      return Found.wrong(
          "starts at "
              + clock
              + ", which no clock in "
              + zone.get()
              + " showed: it was set forward");
    }
    long second = clock.toEpochSecond(offsets.getFirst());
    return inRange(
        offsets.size() > 1 && second <= after ? clock.toEpochSecond(offsets.get(1)) : second);
  }

  private static Found inRange(long second) {
    return second < 0 || second > 7_289_654_400L
        ? Found.wrong("starts before 1970 or after 2200: is its year right?")
        : new Found(second, "");
  }
}
