package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;

/**
 * What energy, demand and being connected cost. Immutable.
 *
 * @param name what bills call it
 * @param currency of all amounts; they are rounded to its minor unit, halves up, line by line
 * @param energyHours which energy period an hour lies in
 * @param energy a ladder for each energy period; each period's energy of a month climbs its own
 * @param demandHours which demand period an hour lies in
 * @param demand a ladder for each demand period: of the highest demand within it in a month; empty
 *     where demand is not priced by the hour
 * @param flatDemand a ladder for each calendar month, January first: of the month's billed demand;
 *     empty where there is none
 * @param lookback how earlier months raise the billed demand
 * @param window over which demand is averaged
 * @param fixed what is charged for a day and for a month, whatever is used
 * @param minimum what a month costs at least
 * @param feedIn what becomes of energy that is fed in
 * @param taxes in order, each on what it names
 */
public record Tariff(
    String name,
    Currency currency,
    WeekHours energyHours,
    List<Ladder> energy,
    WeekHours demandHours,
    List<Ladder> demand,
    List<Ladder> flatDemand,
    Lookback lookback,
    Window window,
    Fixed fixed,
    Minimum minimum,
    FeedIn feedIn,
    List<Tax> taxes) {
  /**
   * @throws IllegalArgumentException where a period has no ladder
   */
  public Tariff {
    energy = List.copyOf(energy);
    demand = List.copyOf(demand);
    flatDemand = List.copyOf(flatDemand);
    taxes = List.copyOf(taxes);
    if (energy.size() < energyHours.periods()) {
      throw new IllegalArgumentException("an energy period has no prices");
    }
    if (!demand.isEmpty() && demand.size() < demandHours.periods()) {
      throw new IllegalArgumentException("a demand period has no prices");
    }
    if (!flatDemand.isEmpty() && flatDemand.size() != 12) {
      throw new IllegalArgumentException("demand by the month needs prices for 12 months");
    }
  }

  /** Charges that do not depend on use; either may be zero. */
  public record Fixed(BigDecimal perDay, BigDecimal perMonth) {
    /** None. */
    public static final Fixed NONE = new Fixed(BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /**
   * What demand is averaged over.
   *
   * @param minutes 1 to 60, a divisor of the hour; 0: whatever the load's interval is
   * @param sliding whether the window moves on with each interval, or stands block beside block
   */
  public record Window(int minutes, boolean sliding) {
    /** An interval of the load. */
    public static final Window INTERVAL = new Window(0, false);

    /**
     * @throws IllegalArgumentException where the minutes do not divide the hour
     */
    public Window {
      if (minutes < 0 || minutes > 60 || minutes != 0 && 60 % minutes != 0) {
        throw new IllegalArgumentException("a demand window divides the hour: not " + minutes);
      }
    }
  }

  /** What is paid at least; each may be zero. */
  public record Minimum(BigDecimal perDay, BigDecimal perMonth, BigDecimal perYear) {
    /** None. */
    public static final Minimum NONE =
        new Minimum(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);
  }

  /**
   * A tax or levy.
   *
   * @param name as the bill has it
   * @param share of the amounts before taxes: 0.19 for 19 %
   * @param perKilowattHour beside it, for each kWh taken
   */
  public record Tax(String name, BigDecimal share, BigDecimal perKilowattHour) {}

  /** What becomes of energy that flows to the grid (intervals below zero). */
  public enum FeedIn {
    /** It is neither paid nor taken off. */
    UNPAID,
    /**
     * Within a month and period it is taken off what was used; what is left over goes on to the
     * next months, and is paid at the sell rate, where there is one, at the year's end.
     */
    NET_METERING,
    /** Each interval that feeds in is paid at its period's sell rate. */
    NET_BILLING
  }
}
