package org.gridwarden.store.backup;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * How many snapshots are kept: the newest ones, and the newest of each of the last days, weeks and
 * months that have one. The newest of all is always kept.
 *
 * @param last the newest so many
 * @param daily of so many days
 * @param weekly of so many weeks (ISO 8601)
 * @param monthly of so many months
 */
public record Retention(int last, int daily, int weekly, int monthly) {
  /**
   * @throws IllegalArgumentException where a number is negative
   */
  public Retention {
    if (last < 0 || daily < 0 || weekly < 0 || monthly < 0) {
      throw new IllegalArgumentException("how many snapshots are kept is not negative");
    }
  }

  /** Those that are kept. */
  public Set<SnapshotHeader> keep(List<SnapshotHeader> all, ZoneId zone) {
    List<SnapshotHeader> newest =
        all.stream().sorted(Comparator.comparing(SnapshotHeader::ended).reversed()).toList();
    Set<SnapshotHeader> kept = new HashSet<>(newest.subList(0, Math.min(newest.size(), 1)));
    kept.addAll(newest.subList(0, Math.min(newest.size(), last)));
    Function<Instant, ZonedDateTime> civil = at -> at.atZone(zone);
    byPeriod(newest, daily, h -> civil.apply(h.ended()).toLocalDate().toString(), kept);
    byPeriod(
        newest,
        weekly,
        h -> {
          ZonedDateTime at = civil.apply(h.ended());
          return at.get(IsoFields.WEEK_BASED_YEAR)
              + "-"
              + at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
        },
        kept);
    byPeriod(
        newest,
        monthly,
        h -> {
          ZonedDateTime at = civil.apply(h.ended());
          return at.getYear() + "-" + at.getMonthValue();
        },
        kept);
    return kept;
  }

  private static void byPeriod(
      List<SnapshotHeader> newest,
      int most,
      Function<SnapshotHeader, String> period,
      Set<SnapshotHeader> kept) {
    Set<String> seen = new HashSet<>();
    for (SnapshotHeader header : newest) {
      if (seen.size() < most && seen.add(period.apply(header))) {
        kept.add(header);
      }
    }
  }
}
