package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What energy, demand and being connected cost. Immutable.
 *
 * @param name what bills call it
 * @param currency of all amounts; they are rounded to its minor unit line by line
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
 * @param terms what few tariffs have
 */
public record Tariff(
    String name,
    Currency currency,
    Hours energyHours,
    List<Ladder> energy,
    Hours demandHours,
    List<Ladder> demand,
    List<Ladder> flatDemand,
    Lookback lookback,
    Window window,
    Fixed fixed,
    Minimum minimum,
    FeedIn feedIn,
    List<Tax> taxes,
    Terms terms) {
  /**
   * @throws IllegalArgumentException where a period has no ladder, or terms contradict each other
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
    if (feedIn == FeedIn.NET_METERING && terms.dynamic() != null) {
      throw new IllegalArgumentException(
          "net metering takes hours off each other, and prices by the interval tell them apart:"
              + " have one of the two");
    }
  }

  /** A tariff with the usual terms. */
  public Tariff(
      String name,
      Currency currency,
      Hours energyHours,
      List<Ladder> energy,
      Hours demandHours,
      List<Ladder> demand,
      List<Ladder> flatDemand,
      Lookback lookback,
      Window window,
      Fixed fixed,
      Minimum minimum,
      FeedIn feedIn,
      List<Tax> taxes) {
    this(
        name,
        currency,
        energyHours,
        energy,
        demandHours,
        demand,
        flatDemand,
        lookback,
        window,
        fixed,
        minimum,
        feedIn,
        taxes,
        Terms.USUAL);
  }

  /**
   * What few tariffs have.
   *
   * @param allEnergy a ladder that all energy of a month climbs together, beside what each period's
   *     costs; none, or one
   * @param dynamic prices by the interval, beside what each period's energy costs; null: none
   * @param rounding of lines and totals
   * @param prepayment how far somebody may go who pays beforehand; null: this is paid by bill
   */
  public record Terms(
      List<Ladder> allEnergy,
      @Nullable Dynamic dynamic,
      Rounding rounding,
      @Nullable Prepayment prepayment) {
    /** What all other tariffs have. */
    public static final Terms USUAL = new Terms(List.of(), null, Rounding.USUAL, null);

    /**
     * @throws IllegalArgumentException where there are several ladders for all energy
     */
    public Terms {
      allEnergy = List.copyOf(allEnergy);
      if (allEnergy.size() > 1) {
        throw new IllegalArgumentException("all energy of a month climbs one ladder");
      }
    }
  }

  /**
   * How far somebody may go who pays beforehand.
   *
   * @param emergencyCredit how far below zero a balance may go, zero or more
   * @param lowBalance at which balance they are warned
   */
  public record Prepayment(BigDecimal emergencyCredit, BigDecimal lowBalance) {
    /**
     * @throws IllegalArgumentException where the credit is below zero, or nobody would be warned
     *     before it is used up
     */
    public Prepayment {
      if (emergencyCredit.signum() < 0) {
        throw new IllegalArgumentException("an emergency credit is zero or more");
      }
      if (lowBalance.compareTo(emergencyCredit.negate()) <= 0) {
        throw new IllegalArgumentException(
            "whoever is warned is warned before the emergency credit is used up");
      }
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
   * A tax or levy. What of it is zero is not charged.
   *
   * @param name as the bill has it
   * @param share of the amounts that it is on: 0.19 for 19 %
   * @param perKilowattHour for each kWh taken, whatever was fed in beside it
   * @param perDay for each day
   * @param perMonth for each month; a part of one pays its part, by days
   * @param on what the share is taken of
   */
  public record Tax(
      String name,
      BigDecimal share,
      BigDecimal perKilowattHour,
      BigDecimal perDay,
      BigDecimal perMonth,
      Base on) {
    /** A tax on all that is no tax. */
    public Tax(String name, BigDecimal share, BigDecimal perKilowattHour) {
      this(name, share, perKilowattHour, BigDecimal.ZERO, BigDecimal.ZERO, Base.NET);
    }
  }

  /**
   * What a tax is on.
   *
   * @param kinds of lines
   * @param taxes the names of taxes that stand before it and are taxed in turn
   */
  public record Base(Set<BillLine.Kind> kinds, Set<String> taxes) {
    /** All that is no tax. */
    public static final Base NET =
        new Base(
            EnumSet.complementOf(EnumSet.of(BillLine.Kind.TAX, BillLine.Kind.ROUNDING)), Set.of());

    public Base {
      kinds = Set.copyOf(kinds);
      taxes = Set.copyOf(taxes);
    }

    /** Whether a line is taxed. */
    boolean has(BillLine line) {
      return kinds.contains(line.kind())
          || line.kind() == BillLine.Kind.TAX && taxes.contains(line.text());
    }
  }

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
