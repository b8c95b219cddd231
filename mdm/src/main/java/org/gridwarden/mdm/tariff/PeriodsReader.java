package org.gridwarden.mdm.tariff;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.gridwarden.mdm.billing.CalendarHours;
import org.gridwarden.mdm.billing.Holidays;
import org.gridwarden.mdm.billing.Hours;
import org.gridwarden.mdm.billing.Ladder;
import org.gridwarden.mdm.billing.Tier;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** Reads the periods of energy or demand: what each costs, and when it is. */
final class PeriodsReader {
  /** No price of anything is greater, whatever the currency. */
  static final BigDecimal MOST_MONEY = BigDecimal.valueOf(1_000_000_000);

  private static final int MOST_PERIODS = 64;
  private static final int MOST_TIERS = 64;
  private static final int MOST_LINES = 1_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 -]{0,31}");
  private static final Pattern TIME = Pattern.compile("(?:[01][0-9]|2[0-3]):(?:00|15|30|45)|24:00");

  private final Seasons seasons;
  private final Holidays holidays;

  PeriodsReader(Seasons seasons, Holidays holidays) {
    this.seasons = seasons;
    this.holidays = holidays;
  }

  /**
   * Periods and what they cost.
   *
   * @param ladders one for each period
   */
  record Periods(Hours hours, List<Ladder> ladders) {}

  /**
   * What a mapping says of periods; empty where it has no price.
   *
   * @param node with {@code periods}, {@code otherwise} and {@code hours}, or with {@code price} or
   *     {@code tiers} for all hours
   */
  Optional<Periods> read(DataNode node, boolean ofEnergy) throws DataFileException {
    if (!node.has("periods")) {
      for (String key : List.of("otherwise", "hours")) {
        if (node.has(key)) {
          throw node.error(key, "it names periods, and there are none; write `periods:` with them");
        }
      }
      return priced(node)
          ? Optional.of(
              new Periods(
                  hours(List.of("all hours"), node, 0), List.of(ladder(node, ofEnergy, true))))
          : Optional.empty();
    }
    if (priced(node)) {
      throw node.error("periods", "each period has its price: take the one beside `periods` out");
    }
    DataNode named = node.child("periods").orElseThrow();
    List<String> names = List.copyOf(named.keys());
    if (names.isEmpty() || names.size() > MOST_PERIODS) {
      throw node.error("periods", "1 to " + MOST_PERIODS + " of them are expected");
    }
    List<Ladder> ladders = new ArrayList<>();
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw named.error(name, "a period's name has 1 to 32 letters, digits, spaces and '-'");
      }
      ladders.add(ladder(named.child(name).orElseThrow(), ofEnergy, false));
    }
    return Optional.of(new Periods(hours(names, node, period(node, "otherwise", names)), ladders));
  }

  private static boolean priced(DataNode node) {
    return node.has("price") || node.has("tiers") || node.has("counted") || node.has("sell");
  }

  private static int period(DataNode node, String key, List<String> names)
      throws DataFileException {
    String name =
        node.text(key).orElseThrow(() -> node.error(key, "is missing; write one of " + names));
    int period = names.indexOf(name);
    if (period < 0) {
      throw node.error(key, "'" + name + "' is no period; write one of " + names);
    }
    return period;
  }

  private Hours hours(List<String> names, DataNode node, int otherwise) throws DataFileException {
    byte[][][] table = new byte[seasons.count()][CalendarHours.KINDS][Hours.QUARTERS];
    boolean[][][] taken = new boolean[seasons.count()][CalendarHours.KINDS][Hours.QUARTERS];
    for (byte[][] season : table) {
      for (byte[] day : season) {
        Arrays.fill(day, (byte) otherwise);
      }
    }
    List<DataNode> lines = node.children("hours").orElse(List.of());
    if (lines.size() > MOST_LINES) {
      throw node.error("hours", "more than " + MOST_LINES + " lines; put some together");
    }
    for (DataNode line : lines) {
      line.allow(Set.of("period", "seasons", "days", "from", "to"));
      int period = period(line, "period", names);
      boolean[] in = seasons(line);
      boolean[] on = days(line);
      int from = quarter(line, "from", 0);
      int to = quarter(line, "to", Hours.QUARTERS);
      if (from == to) {
        throw line.error("to", "it ends when it begins; leave both out for all day");
      }
      for (int s = 0; s < table.length; s++) {
        for (int kind = 0; kind < CalendarHours.KINDS; kind++) {
          for (int q = 0; q < Hours.QUARTERS; q++) {
            // 22:00 to 06:00: both ends of the same day
            boolean at = from < to ? q >= from && q < to : q >= from || q < to;
            if (in[s] && on[kind] && at && !taken[s][kind][q]) {
              taken[s][kind][q] = true;
              table[s][kind][q] = (byte) period;
            }
          }
        }
      }
    }
    return new CalendarHours(names, holidays, seasons::at, table);
  }

  private boolean[] seasons(DataNode line) throws DataFileException {
    boolean[] in = new boolean[seasons.count()];
    Optional<List<String>> named = line.texts("seasons");
    if (named.isEmpty()) {
      Arrays.fill(in, true);
      return in;
    }
    for (String name : named.get()) {
      int season = seasons.of(name);
      if (season == 0) {
        throw line.error("seasons", "'" + name + "' is no season; write one of " + seasons.names());
      }
      in[season] = true;
    }
    return in;
  }

  private static boolean[] days(DataNode line) throws DataFileException {
    boolean[] on = new boolean[CalendarHours.KINDS];
    Optional<List<String>> words = line.texts("days");
    if (words.isEmpty()) {
      Arrays.fill(on, true);
      return on;
    }
    for (String word : words.get()) {
      switch (word) {
        case "weekdays" -> Arrays.fill(on, 0, 5, true);
        case "weekends" -> Arrays.fill(on, 5, 7, true);
        case "holidays" -> on[CalendarHours.HOLIDAY] = true;
        default -> {
          DayOfWeek day =
              Words.weekday(word)
                  .orElseThrow(() ->
                      line.error(
                          "days",
                          "'"
                              + word
                              + "' is no day; write monday to sunday, weekdays, weekends or"
                              + " holidays"));
          on[day.getValue() - 1] = true;
        }
      }
    }
    return on;
  }

  private static int quarter(DataNode line, String key, int otherwise) throws DataFileException {
    Optional<String> text = line.text(key);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!TIME.matcher(text.get()).matches()) {
      throw line.error(
          key, "'" + text.get() + "' is no quarter-hour; write 00:00, 06:15, 22:30 or 24:00");
    }
    int quarter =
        Integer.parseInt(text.get().substring(0, 2)) * 4
            + Integer.parseInt(text.get().substring(3)) / 15;
    return key.equals("from") ? quarter % Hours.QUARTERS : quarter;
  }

  /** What a mapping's {@code price} or {@code tiers} say. */
  static Ladder ladder(DataNode node, boolean ofEnergy, boolean amongOthers)
      throws DataFileException {
    if (!amongOthers) {
      node.allow(ofEnergy ? Set.of("price", "tiers", "counted", "sell") : Set.of("price", "tiers"));
    }
    Optional<BigDecimal> sell =
        ofEnergy ? node.decimal("sell", MOST_MONEY.negate(), MOST_MONEY) : Optional.empty();
    Optional<List<DataNode>> tiers = node.children("tiers");
    if (tiers.isEmpty()) {
      if (node.has("counted")) {
        throw node.error("counted", "it is about tiers, and there are none; leave it out");
      }
      return new Ladder(List.of(new Tier(null, price(node), sell.orElse(null))), Tier.Per.MONTH);
    }
    if (node.has("price")) {
      throw node.error("price", "each tier has its price; take this one out");
    }
    if (tiers.get().isEmpty() || tiers.get().size() > MOST_TIERS) {
      throw node.error("tiers", "1 to " + MOST_TIERS + " of them are expected");
    }
    List<Tier> steps = new ArrayList<>();
    for (DataNode tier : tiers.get()) {
      tier.allow(Set.of("up-to", "price"));
      steps.add(
          new Tier(
              tier.decimal("up-to", BigDecimal.ZERO, MOST_MONEY).orElse(null),
              price(tier),
              sell.orElse(null)));
    }
    try {
      return new Ladder(steps, ofEnergy ? counted(node) : Tier.Per.MONTH);
    } catch (IllegalArgumentException e) {
      throw node.error("tiers", e.getMessage() + "; give `up-to` to each tier but the last");
    }
  }

  private static Tier.Per counted(DataNode node) throws DataFileException {
    String word =
        node.text("counted")
            .orElseThrow(() ->
                node.error(
                    "counted",
                    "is missing: say what `up-to` is counted by; write month, day, hours-of-use or"
                        + " daily-hours-of-use"));
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "month" -> Tier.Per.MONTH;
      case "day" -> Tier.Per.DAY;
      case "hours-of-use" -> Tier.Per.KILOWATT;
      case "daily-hours-of-use" -> Tier.Per.KILOWATT_DAY;
      default ->
          throw node.error(
              "counted",
              "'" + word + "' is not known; write month, day, hours-of-use or daily-hours-of-use");
    };
  }

  private static BigDecimal price(DataNode node) throws DataFileException {
    return node.decimal("price", MOST_MONEY.negate(), MOST_MONEY)
        .orElseThrow(() -> node.error("price", "is missing; write one, as in price: 0.1234"));
  }
}
