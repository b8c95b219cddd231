package org.gridwarden.dlms.objects;

import java.time.LocalTime;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * A time of four bytes with wildcards (IEC 62056-6-2, clause 4.1.6.1). Immutable.
 *
 * @param hour 0 to 23, 0xFF any
 * @param minute 0 to 59, 0xFF any
 * @param second 0 to 59, 0xFF any
 * @param hundredths 0 to 99, 0xFF any
 */
public record CosemTime(int hour, int minute, int second, int hundredths) {
  private static final int ANY = 0xFF;

  /** Midnight. */
  public static final CosemTime MIDNIGHT = new CosemTime(0, 0, 0, 0);

  /** A time of the day, in whole seconds. */
  public static CosemTime of(LocalTime time) {
    return new CosemTime(time.getHour(), time.getMinute(), time.getSecond(), 0);
  }

  /** The time of a date-time. */
  static CosemTime of(CosemDateTime time) throws Refusal {
    return checked(time.hour(), time.minute(), time.second(), time.hundredths());
  }

  /** From an octet-string of four bytes, or a value of the type time. */
  static CosemTime of(DlmsData data) throws Refusal {
    return switch (data) {
      case DlmsData.OctetString s when s.length() == 4 ->
          checked(s.at(0), s.at(1), s.at(2), s.at(3));
      case DlmsData.Time t -> checked(t.hour(), t.minute(), t.second(), t.hundredths());
      default -> throw Refusal.type();
    };
  }

  private static CosemTime checked(int hour, int minute, int second, int hundredths)
      throws Refusal {
    within(hour, 23);
    within(minute, 59);
    within(second, 59);
    within(hundredths, 99);
    return new CosemTime(hour, minute, second, hundredths);
  }

  private static void within(int field, int most) throws Refusal {
    if (field != ANY) {
      Values.within(field, 0, most);
    }
  }

  /** The four bytes. */
  public DlmsData.OctetString data() {
    return DlmsData.OctetString.of((byte) hour, (byte) minute, (byte) second, (byte) hundredths);
  }

  /** Whether hour and minute are said. */
  public boolean isOneTime() {
    return hour != ANY && minute != ANY;
  }

  /** The time of day; seconds count as 0 where they are not said. Only of {@link #isOneTime}. */
  public LocalTime time() {
    return LocalTime.of(hour, minute, second == ANY ? 0 : second);
  }

  /**
   * The first time from one on that it means, in whole seconds of the day; -1 for none that day.
   */
  int firstFrom(int secondOfDay) {
    for (int h = hour == ANY ? 0 : hour, lastHour = hour == ANY ? 23 : hour; h <= lastHour; h++) {
      if (h * 3600 + 3599 < secondOfDay) {
        continue;
      }
      int lastMinute = minute == ANY ? 59 : minute;
      for (int m = minute == ANY ? 0 : minute; m <= lastMinute; m++) {
        // an unsaid second is the minute's first one
        int at = h * 3600 + m * 60 + (second == ANY ? 0 : second);
        if (at >= secondOfDay) {
          return at;
        }
      }
    }
    return -1;
  }
}
