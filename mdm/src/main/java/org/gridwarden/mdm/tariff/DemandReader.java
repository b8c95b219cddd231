package org.gridwarden.mdm.tariff;

import java.math.BigDecimal;
import java.time.Month;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.billing.Hours;
import org.gridwarden.mdm.billing.Ladder;
import org.gridwarden.mdm.billing.Lookback;
import org.gridwarden.mdm.billing.Tariff.Window;
import org.gridwarden.mdm.billing.WeekHours;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** Reads what a tariff says of demand. */
final class DemandReader {
  private static final Set<String> KEYS =
      Set.of("window", "by-month", "look-back", "price", "tiers", "periods", "otherwise", "hours");

  private final Hours hours;
  private final List<Ladder> ladders;
  private final List<Ladder> byMonth;
  private final Lookback lookback;
  private final Window window;

  DemandReader(PeriodsReader reader, Optional<DataNode> found) throws DataFileException {
    if (found.isEmpty()) {
      hours = WeekHours.always();
      ladders = List.of();
      byMonth = List.of();
      lookback = Lookback.NONE;
      window = Window.INTERVAL;
      return;
    }
    DataNode node = found.get();
    node.allow(KEYS);
    Optional<PeriodsReader.Periods> periods = reader.read(node, false);
    hours = periods.isPresent() ? periods.get().hours() : WeekHours.always();
    ladders = periods.isPresent() ? periods.get().ladders() : List.of();
    byMonth = byMonth(node);
    lookback = lookback(node);
    window = window(node);
    if (byMonth.isEmpty() && node.has("look-back")) {
      throw node.error(
          "look-back", "it raises the demand by the month; write `by-month:` with its price");
    }
  }

  Hours hours() {
    return hours;
  }

  List<Ladder> ladders() {
    return ladders;
  }

  List<Ladder> byMonth() {
    return byMonth;
  }

  Lookback lookback() {
    return lookback;
  }

  Window window() {
    return window;
  }

  /** One price for all months, or a list in which each month is once. */
  private static List<Ladder> byMonth(DataNode node) throws DataFileException {
    if (!node.has("by-month")) {
      return List.of();
    }
    if (node.isMapping("by-month")) {
      return Collections.nCopies(
          12, PeriodsReader.ladder(node.child("by-month").orElseThrow(), false, false));
    }
    Ladder free = Ladder.flat(BigDecimal.ZERO);
    List<Ladder> ladders = new ArrayList<>(Collections.nCopies(12, free));
    for (DataNode line : node.children("by-month").orElseThrow()) {
      line.allow(Set.of("months", "price", "tiers"));
      Ladder ladder = PeriodsReader.ladder(line, false, true);
      for (Month month :
          Words.months(line, "months")
              .orElseThrow(() -> line.error("months", "is missing; list those it is for"))) {
        // by identity: a ladder that costs nothing may be meant
        if (ladders.get(month.getValue() - 1) != free) {
          throw line.error("months", month + " has a price above; leave one out");
        }
        ladders.set(month.getValue() - 1, ladder);
      }
    }
    return ladders;
  }

  private static Lookback lookback(DataNode demand) throws DataFileException {
    Optional<DataNode> found = demand.child("look-back");
    if (found.isEmpty()) {
      return Lookback.NONE;
    }
    DataNode node = found.get();
    node.allow(Set.of("percent", "months", "counts", "applies"));
    BigDecimal share =
        node.decimal("percent", BigDecimal.ZERO, BigDecimal.valueOf(100))
            .orElseThrow(() -> node.error("percent", "is missing; write one, as in percent: 60"))
            .movePointLeft(2);
    int months =
        node.whole("months", 1, 11)
            .orElseThrow(() ->
                node.error("months", "is missing: how many months before are looked back at?"));
    List<BigDecimal> shares = new ArrayList<>(Collections.nCopies(12, BigDecimal.ZERO));
    for (Month month : Words.months(node, "applies").orElse(List.of(Month.values()))) {
      shares.set(month.getValue() - 1, share);
    }
    List<Boolean> counts = new ArrayList<>(Collections.nCopies(12, false));
    for (Month month : Words.months(node, "counts").orElse(List.of(Month.values()))) {
      counts.set(month.getValue() - 1, true);
    }
    return new Lookback(shares, counts, months);
  }

  private static Window window(DataNode demand) throws DataFileException {
    Optional<DataNode> found = demand.child("window");
    if (found.isEmpty()) {
      return Window.INTERVAL;
    }
    DataNode node = found.get();
    node.allow(Set.of("minutes", "sliding"));
    int minutes =
        node.whole("minutes", 1, 60)
            .orElseThrow(() -> node.error("minutes", "is missing; write one, as in minutes: 15"));
    try {
      return new Window(minutes, node.bool("sliding").orElse(false));
    } catch (IllegalArgumentException e) {
      throw node.error("minutes", String.valueOf(e.getMessage()));
    }
  }
}
