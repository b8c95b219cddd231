package org.gridwarden.dlms;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/**
 * A COSEM date-time, its twelve bytes as fields (IEC 62056-6-2, clause 4.1.6.1). Any field may be
 * unspecified. Immutable.
 *
 * @param year 0 to 65534; 0xFFFF unspecified
 * @param month 1 to 12; 0xFD daylight saving end, 0xFE begin, 0xFF unspecified
 * @param day of month, 1 to 31; 0xFD second last, 0xFE last, 0xFF unspecified
 * @param dayOfWeek 1 Monday to 7 Sunday; 0xFF unspecified
 * @param hour 0 to 23; 0xFF unspecified
 * @param minute 0 to 59; 0xFF unspecified
 * @param second 0 to 59; 0xFF unspecified
 * @param hundredths 0 to 99; 0xFF unspecified
 * @param deviation minutes from local time to UTC, -720 to 840: local time plus deviation is UTC,
 *     so that central European time has -60; {@link #NO_DEVIATION} unspecified
 * @param clockStatus bit 0 invalid, 1 doubtful, 2 different clock base, 3 invalid status, 7
 *     daylight saving active; 0xFF unspecified
 */
public record CosemDateTime(
    int year,
    int month,
    int day,
    int dayOfWeek,
    int hour,
    int minute,
    int second,
    int hundredths,
    int deviation,
    int clockStatus) {
  /** The deviation that says nothing, 0x8000. */
  public static final int NO_DEVIATION = -32768;

  private static final int ANY = 0xFF;
  private static final int DAYLIGHT_SAVING = 0x80;

  /** All fields unspecified. */
  public static final CosemDateTime UNSPECIFIED =
      new CosemDateTime(0xFFFF, ANY, ANY, ANY, ANY, ANY, ANY, ANY, NO_DEVIATION, ANY);

  /** Which way a meter counts its deviation. */
  public enum DeviationSign {
    /** The standard's: local + deviation = UTC; central European time is -60. */
    STANDARD,
    /** The other way round, as some meters do: UTC + deviation = local. */
    REVERSED
  }

  /**
   * @throws IllegalArgumentException where a field does not fit its bytes
   */
  public CosemDateTime {
    Ranges.check(year, 0, 0xFFFF, "year");
    Ranges.check(month, 0, ANY, "month");
    Ranges.check(day, 0, ANY, "day of month");
    Ranges.check(dayOfWeek, 0, ANY, "day of week");
    Ranges.check(hour, 0, ANY, "hour");
    Ranges.check(minute, 0, ANY, "minute");
    Ranges.check(second, 0, ANY, "second");
    Ranges.check(hundredths, 0, ANY, "hundredths of a second");
    Ranges.check(deviation, -32768, 32767, "deviation");
    Ranges.check(clockStatus, 0, ANY, "clock status");
  }

  /**
   * From twelve bytes at an offset; takes what it finds.
   *
   * @throws IndexOutOfBoundsException where fewer than twelve are left
   */
  public static CosemDateTime of(byte[] b, int at) {
    return new CosemDateTime(
        (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF,
        b[at + 2] & 0xFF,
        b[at + 3] & 0xFF,
        b[at + 4] & 0xFF,
        b[at + 5] & 0xFF,
        b[at + 6] & 0xFF,
        b[at + 7] & 0xFF,
        b[at + 8] & 0xFF,
        (short) ((b[at + 9] & 0xFF) << 8 | b[at + 10] & 0xFF),
        b[at + 11] & 0xFF);
  }

  /** What a clock in the zone shows at the instant, with the standard's deviation. */
  public static CosemDateTime of(Instant instant, ZoneId zone) {
    return of(instant, zone.getRules());
  }

  /** What a clock that follows the rules shows at the instant, with the standard's deviation. */
  public static CosemDateTime of(Instant instant, ZoneRules rules) {
    ZoneOffset offset = rules.getOffset(instant);
    LocalDateTime local = LocalDateTime.ofInstant(instant, offset);
    return new CosemDateTime(
        local.getYear(),
        local.getMonthValue(),
        local.getDayOfMonth(),
        local.getDayOfWeek().getValue(),
        local.getHour(),
        local.getMinute(),
        local.getSecond(),
        local.getNano() / 10_000_000,
        -offset.getTotalSeconds() / 60,
        rules.isDaylightSavings(instant) ? DAYLIGHT_SAVING : 0);
  }

  /** Whether the twelve bytes could be a date-time that a meter would send for an instant. */
  static boolean plausible(byte[] b, int at) {
    int year = (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    int deviation = (short) ((b[at + 9] & 0xFF) << 8 | b[at + 10] & 0xFF);
    return (year == 0xFFFF || year >= 1970 && year <= 2200)
        && within(b[at + 2], 1, 12)
        && within(b[at + 3], 1, 31)
        && within(b[at + 4], 0, 7)
        && within(b[at + 5], 0, 24)
        && within(b[at + 6], 0, 59)
        && within(b[at + 7], 0, 60)
        && within(b[at + 8], 0, 99)
        && (deviation == NO_DEVIATION || deviation >= -840 && deviation <= 840);
  }

  private static boolean within(byte field, int least, int most) {
    int value = field & 0xFF;
    return value >= 0xFD || value >= least && value <= most;
  }

  /** The twelve bytes. */
  public byte[] bytes() {
    byte[] b = new byte[12];
    b[0] = (byte) (year >> 8);
    b[1] = (byte) year;
    b[2] = (byte) month;
    b[3] = (byte) day;
    b[4] = (byte) dayOfWeek;
    b[5] = (byte) hour;
    b[6] = (byte) minute;
    b[7] = (byte) second;
    b[8] = (byte) hundredths;
    b[9] = (byte) (deviation >> 8);
    b[10] = (byte) deviation;
    b[11] = (byte) clockStatus;
    return b;
  }

  /** Whether no field says anything. */
  public boolean isUnspecified() {
    return year == 0xFFFF && month == ANY && day == ANY && hour == ANY && minute == ANY;
  }

  /** Whether the clock says that it may be wrong: invalid, doubtful or of another base. */
  public boolean clockDoubtful() {
    return clockStatus != ANY && (clockStatus & 0x07) != 0;
  }

  /** Whether the clock says that daylight saving is active. */
  public boolean daylightSaving() {
    return clockStatus != ANY && (clockStatus & DAYLIGHT_SAVING) != 0;
  }

  /**
   * The instant; seconds and hundredths count as 0 where unspecified. Without a deviation the local
   * time is read in the zone, and where it occurs twice the status's daylight-saving bit decides.
   *
   * @param zone the meter's
   * @param sign how the meter counts its deviation
   * @return empty where date, hour or minute are unspecified or no date
   */
  public Optional<Instant> instant(ZoneId zone, DeviationSign sign) {
    return instant(zone.getRules(), sign);
  }

  /** As {@link #instant(ZoneId, DeviationSign)}, of a clock that follows the rules. */
  public Optional<Instant> instant(ZoneRules rules, DeviationSign sign) {
    LocalDateTime local;
    try {
      if (year == 0xFFFF || minute == ANY || hour > 24) {
        return Optional.empty();
      }
      // some meters write the end of a day as 24:00
      local =
          LocalDateTime.of(
                  year,
                  month,
                  day,
                  hour == 24 ? 0 : hour,
                  minute,
                  second == ANY ? 0 : Math.min(second, 59),
                  hundredths >= 100 ? 0 : hundredths * 10_000_000)
              .plusDays(hour == 24 ? 1 : 0);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
    if (deviation != NO_DEVIATION) {
      long minutes = sign == DeviationSign.STANDARD ? deviation : -(long) deviation;
      return Optional.of(local.toInstant(ZoneOffset.UTC).plusSeconds(minutes * 60));
    }
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    if (offsets.size() == 2) {
      // an overlap: the first offset is the one before the clocks went back
      return Optional.of(local.toInstant(offsets.get(daylightSaving() ? 0 : 1)));
    }
    // in a gap, which no clock shows, as if the clocks had not gone forward
    return Optional.of(
        local.toInstant(
            offsets.isEmpty() ? rules.getTransition(local).getOffsetBefore() : offsets.get(0)));
  }

  /** The same clock's time later; this where date or time are unspecified. */
  CosemDateTime plus(Duration later) {
    try {
      LocalDateTime local =
          LocalDateTime.of(year, month, day, hour, minute, second == ANY ? 0 : second)
              .plusSeconds(later.toSeconds());
      return new CosemDateTime(
          local.getYear(),
          local.getMonthValue(),
          local.getDayOfMonth(),
          dayOfWeek == ANY ? ANY : local.getDayOfWeek().getValue(),
          local.getHour(),
          local.getMinute(),
          second == ANY ? ANY : local.getSecond(),
          hundredths,
          deviation,
          clockStatus);
    } catch (DateTimeException | IllegalArgumentException _) {
      return this;
    }
  }

  /** As {@link #text(DeviationSign)} by the standard's sign. */
  @Override
  public String toString() {
    return text(DeviationSign.STANDARD);
  }

  /**
   * ISO 8601: {@code 2023-04-01T21:32:35+02:00}; without an offset where the deviation is
   * unspecified; {@code *} for an unspecified field. Deviation -120 is written +02:00: the
   * deviation leads from local time to UTC, ISO's offset the other way.
   */
  public String text(DeviationSign sign) {
    StringBuilder out = new StringBuilder(32);
    if (year == 0xFFFF) {
      out.append('*');
    } else {
      pad(out, year, 4);
    }
    field(out.append('-'), month);
    field(out.append('-'), day);
    field(out.append('T'), hour);
    field(out.append(':'), minute);
    field(out.append(':'), second);
    if (hundredths != ANY && hundredths != 0) {
      pad(out.append('.'), hundredths, 2);
    }
    if (deviation != NO_DEVIATION) {
      int offset = sign == DeviationSign.STANDARD ? -deviation : deviation;
      out.append(offset < 0 ? '-' : '+');
      pad(out, Math.abs(offset) / 60, 2);
      pad(out.append(':'), Math.abs(offset) % 60, 2);
    }
    return out.toString();
  }

  private static void field(StringBuilder out, int value) {
    if (value == ANY) {
      out.append('*');
    } else {
      pad(out, value, 2);
    }
  }

  private static void pad(StringBuilder out, int value, int width) {
    String digits = Integer.toString(value);
    out.repeat("0", Math.max(0, width - digits.length())).append(digits);
  }
}
