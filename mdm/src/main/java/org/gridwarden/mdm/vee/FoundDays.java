package org.gridwarden.mdm.vee;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.mdm.estimation.Estimate;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Then;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.store.VeeException;

/** What was found, by civil day and rule, as people get to see it. A pure function. */
final class FoundDays {
  private FoundDays() {}

  private record Key(LocalDate day, String rule) {}

  /**
   * One item a day and rule, of the days from one on. Slots that a person set or that are held are
   * left out; where a rule found several stretches of a day, the worst figure stands for all.
   */
  static List<VeeException.What> of(MeterResult result, BitSet apart, int fromDay) {
    Timeline time = result.raw().time();
    Map<Key, VeeException.What> found = new LinkedHashMap<>();
    for (Finding finding : result.findings()) {
      int last = Math.min(finding.to(), time.slots()) - 1;
      for (int day = Math.max(fromDay, time.dayOf(finding.from()));
          day <= time.dayOf(last);
          day++) {
        part(result, finding, apart, day)
            .ifPresent(
                what -> found.merge(new Key(what.day(), what.rule()), what, FoundDays::joined));
      }
    }
    return new ArrayList<>(found.values());
  }

  private static Optional<VeeException.What> part(
      MeterResult result, Finding finding, BitSet apart, int day) {
    Timeline time = result.raw().time();
    int from = apart.nextClearBit(Math.max(finding.from(), time.firstSlot(day)));
    int end = Math.min(finding.to(), time.firstSlot(day + 1));
    int slots = 0;
    int to = from;
    for (int i = from; i < end; i++) {
      if (!apart.get(i)) {
        slots++;
        to = i + 1;
      }
    }
    if (slots == 0) {
      return Optional.empty();
    }
    String method = finding.then() == Then.ESTIMATE ? method(result, from, to) : "";
    return Optional.of(
        new VeeException.What(
            time.dateOf(day),
            time.startOf(from),
            time.startOf(to),
            slots,
            finding.rule().id(),
            finding.measured(),
            finding.permitted(),
            finding.rule().unit(),
            !method.isEmpty(),
            method));
  }

  /** By which method slots were filled; empty where one of them was not. */
  private static String method(MeterResult result, int from, int to) {
    String method = "";
    int next = from;
    for (Estimate estimate : result.estimates()) {
      if (estimate.from() <= next && estimate.to() > next) {
        method = method.isEmpty() ? estimate.methodId() : method;
        next = estimate.to();
      }
    }
    return next >= to ? method : "";
  }

  private static VeeException.What joined(VeeException.What one, VeeException.What two) {
    VeeException.What worse = Math.abs(two.measured()) > Math.abs(one.measured()) ? two : one;
    return new VeeException.What(
        one.day(),
        one.since().isBefore(two.since()) ? one.since() : two.since(),
        one.until().isAfter(two.until()) ? one.until() : two.until(),
        one.slots() + two.slots(),
        one.rule(),
        worse.measured(),
        worse.permitted(),
        one.unit(),
        one.estimated() && two.estimated(),
        one.estimated() && two.estimated() ? one.method() : "");
  }
}
