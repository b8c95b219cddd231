package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * What would have cost less. Its saving is the difference of two bills of the same weeks: as it
 * was, and as it would have been.
 *
 * @param figure what was found, as {@link Kind} says
 * @param against what it is held against
 * @param assumed what was changed for the second bill
 * @param fromHour of hours of the day that it is about, 0 to 23; 0 where it is about none
 * @param toHour their end, 1 to 24
 * @param days that it is about; empty for most
 * @param saves above zero, in the tariff's currency, over the weeks looked at
 */
public record Tip(
    Kind kind,
    BigDecimal figure,
    BigDecimal against,
    BigDecimal assumed,
    int fromHour,
    int toHour,
    List<LocalDate> days,
    BigDecimal saves) {
  public Tip {
    days = List.copyOf(days);
  }

  /** What it is about. */
  public enum Kind {
    /** Figure: W at night; against: its share of all use in %; assumed: W less. */
    BASE_LOAD,
    /**
     * Figure: kWh of the evening in % of all; against: kWh; assumed: % of it moved to the hours.
     */
    EVENING,
    /** Figure: kWh of a weekend's day; against: of a weekday; assumed: kWh less a weekend's day. */
    WEEKEND,
    /** Figure: kWh of a weekday; against: of a weekend's day; assumed: kWh less a weekday. */
    WEEKDAYS,
    /** Figure: kWh of the highest day; against: of a usual day, which is also assumed. */
    HIGH_DAYS
  }
}
