package org.gridwarden.mdm.billing;

import java.time.Instant;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * Bills over tariffs that follow each other: of each the part of the time in which it held. What is
 * priced by the month is paid by days under each; demand is each part's own; what was fed in and
 * not taken off is paid when a tariff ends. Pure functions.
 */
public final class Settlement {
  private Settlement() {}

  /**
   * A tariff, or a version of it, in force.
   *
   * @param since from when; a civil midnight
   */
  public record Term(Instant since, Tariff tariff) {}

  /**
   * One bill for each tariff that held.
   *
   * @param terms in the order in which they begin; each holds until the next one does
   * @param load begins where whoever is billed moved in, or later
   * @param from when what is billed begins
   * @param to when it ends
   * @param ends whether whoever is billed leaves then
   * @throws IncompleteLoadException where an interval has no value
   * @throws IllegalArgumentException where no tariff held yet at {@code from}, terms are out of
   *     order, or the load does not hold the time
   */
  public static List<Bill> bills(
      List<Term> terms, Load load, ZoneRules rules, Instant from, Instant to, boolean ends)
      throws IncompleteLoadException {
    if (terms.isEmpty() || terms.getFirst().since().isAfter(from)) {
      throw new IllegalArgumentException("no tariff held yet at " + from);
    }
    List<Bill> bills = new ArrayList<>();
    for (int t = 0; t < terms.size(); t++) {
      Instant since = terms.get(t).since();
      boolean last = t == terms.size() - 1;
      Instant until = last ? Instant.MAX : terms.get(t + 1).since();
      if (!since.isBefore(until)) {
        throw new IllegalArgumentException("two tariffs begin to hold at " + since);
      }
      Instant begin = since.isAfter(from) ? since : from;
      Instant end = until.isBefore(to) ? until : to;
      if (begin.isBefore(end)) {
        Instant counted = since.isAfter(load.start()) ? since : load.start();
        Span span =
            new Span(
                counted.isAfter(begin) ? begin : counted,
                begin,
                end,
                end.equals(until) || ends && end.equals(to));
        bills.add(new Biller(terms.get(t).tariff(), rules).bill(load, span));
      }
    }
    return bills;
  }
}
