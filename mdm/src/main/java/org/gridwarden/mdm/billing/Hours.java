package org.gridwarden.mdm.billing;

import java.time.LocalDate;
import java.time.LocalDateTime;

/** Which period of a tariff a civil time lies in. Immutable, thread-safe. */
public sealed interface Hours permits WeekHours, CalendarHours {
  /** How many quarters an hour by the clock has: a period begins and ends on one. */
  int QUARTERS = 96;

  /** One more than the greatest period. */
  int periods();

  /**
   * The periods of a day's quarter-hours by the clock, midnight first: where the clock is put back
   * an hour's occur twice, where it is put forward they are passed over.
   *
   * @return {@link #QUARTERS} periods, the caller's own
   */
  byte[] on(LocalDate day);

  /** What a bill calls a period. */
  String name(int period);

  /** The period of a civil time. */
  default int at(LocalDateTime time) {
    return on(time.toLocalDate())[quarter(time)];
  }

  /** Which of a day's quarter-hours a civil time lies in. */
  static int quarter(LocalDateTime time) {
    return time.getHour() * 4 + time.getMinute() / 15;
  }
}
