package org.gridwarden.mdm.analytics;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.gridwarden.security.pseudonym.PseudonymKey;
import org.gridwarden.store.analytics.AnalyticsView;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about groups of households, a whole month at a time. Months do not overlap and
 * dimensions are not crossed, so that no two questions differ by one household. Thread-safe: one
 * question is read from the database at a time.
 */
public final class Analytics {
  /** Bounds of what households take in a day, kWh. */
  private static final int[] BOUNDS = {0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 100};

  private final AnalyticsView view;
  private final PanelReader reader;
  private final Disclosure rule;
  private final InstantSource clock;
  private final ReentrantLock reading = new ReentrantLock();
  private @Nullable Kept kept;

  public Analytics(AnalyticsView view, PseudonymKey key, Disclosure rule, InstantSource clock) {
    this.view = view;
    this.reader = new PanelReader(view, key);
    this.rule = rule;
    this.clock = clock;
  }

  /** The last month read, until something is erased or it is five minutes old. */
  private record Kept(
      YearMonth month, long mark, long at, List<Household> panel, Set<Suppression.Cell> told) {
    static final long SECONDS = 300;
  }

  /** The last month that is over everywhere. */
  public YearMonth lastMonth() {
    return YearMonth.from(clock.instant().minusSeconds(12 * 3600).atOffset(ZoneOffset.UTC))
        .minusMonths(1);
  }

  /** Each group in a few figures. */
  public Figures<Figures.Summary> groups(YearMonth month, Dimension by) {
    return figures(month, by, Analytics::summary);
  }

  /** Each group's mean day. */
  public Figures<Figures.Profile> profiles(YearMonth month, Dimension by) {
    return figures(
        month,
        by,
        group ->
            new Figures.Profile(
                Figures.fives(group.size()),
                rounded(mean(group, Household::workday)),
                rounded(mean(group, Household::weekend))));
  }

  /** How each group's households spread. */
  public Figures<Figures.Distribution> distributions(YearMonth month, Dimension by) {
    return figures(
        month, by, group -> new Figures.Distribution(Figures.fives(group.size()), bins(group)));
  }

  /** Forgets what was read: with the next question pseudonyms are new. */
  public void forget() {
    reading.lock();
    try {
      kept = null;
    } finally {
      reading.unlock();
    }
  }

  private <T> Figures<T> figures(
      YearMonth month, Dimension by, Function<List<Household>, T> figure) {
    Kept read = read(month);
    Map<String, List<Household>> groups = new TreeMap<>();
    read.panel()
        .forEach(one -> groups.computeIfAbsent(one.group(by), g -> new ArrayList<>()).add(one));
    List<Figures.Group<T>> all = new ArrayList<>();
    groups.forEach((name, members) ->
        all.add(
            new Figures.Group<>(
                name,
                read.told().contains(new Suppression.Cell(by, name))
                    ? Optional.of(figure.apply(members))
                    : Optional.empty())));
    return new Figures<>(month, by, rule.leastGroup(), all);
  }

  private Kept read(YearMonth month) {
    reading.lock();
    try {
      long mark = view.mark();
      long now = clock.instant().getEpochSecond();
      Kept last = kept;
      if (last != null
          && last.month().equals(month)
          && last.mark() == mark
          && now - last.at() < Kept.SECONDS) {
        return last;
      }
      List<Household> panel = reader.read(month);
      Kept fresh = new Kept(month, mark, now, panel, Suppression.told(panel, rule));
      kept = fresh;
      return fresh;
    } finally {
      reading.unlock();
    }
  }

  private static Figures.Summary summary(List<Household> group) {
    double[] workday = mean(group, Household::workday);
    double[] weekend = mean(group, Household::weekend);
    int hour = 0;
    double peak = 0;
    for (int h = 0; h < Household.HOURS; h++) {
      double higher = Math.max(workday[h], weekend[h]);
      if (higher > peak) {
        peak = higher;
        hour = h;
      }
    }
    return new Figures.Summary(
        Figures.fives(group.size()),
        Figures.three(group.stream().mapToDouble(Household::dailyKwh).average().orElse(0)),
        Figures.three(group.stream().mapToDouble(Household::baseW).average().orElse(0)),
        Figures.three(peak),
        hour,
        Figures.three(group.stream().mapToDouble(Household::peakW).average().orElse(0)));
  }

  private static double[] mean(List<Household> group, Function<Household, double[]> curve) {
    double[] mean = new double[Household.HOURS];
    for (Household one : group) {
      double[] own = curve.apply(one);
      for (int h = 0; h < mean.length; h++) {
        mean[h] += own[h] / group.size();
      }
    }
    return mean;
  }

  private static List<BigDecimal> rounded(double[] curve) {
    return Arrays.stream(curve).mapToObj(Figures::three).toList();
  }

  /** As fine as each bin has enough households for. */
  private List<Figures.Bin> bins(List<Household> group) {
    List<Figures.Bin> bins = new ArrayList<>();
    int from = BOUNDS[0];
    int inside = 0;
    int left = group.size();
    for (int b = 1; b < BOUNDS.length; b++) {
      int low = BOUNDS[b - 1];
      int high = BOUNDS[b];
      int here =
          (int) group.stream().filter(h -> h.dailyKwh() >= low && h.dailyKwh() < high).count();
      inside += here;
      left -= here;
      // what is left above must be enough, too
      if (inside >= rule.leastGroup() && left >= rule.leastGroup()) {
        bins.add(new Figures.Bin(from, Optional.of(high), Figures.fives(inside)));
        from = high;
        inside = 0;
      }
    }
    bins.add(new Figures.Bin(from, Optional.empty(), Figures.fives(inside + left)));
    return bins;
  }
}
