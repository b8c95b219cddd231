package org.gridwarden.mdm.analytics;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.security.pseudonym.Pseudonym;
import org.gridwarden.security.pseudonym.PseudonymKey;
import org.gridwarden.store.analytics.AnalyticsView;
import org.gridwarden.store.analytics.CurveDay;

/**
 * Makes a month's households of the database's rows, and is the last that sees which row belongs to
 * which: from here on there are pseudonyms. A household counts with three quarters of the month's
 * days known whole, a workday and a weekend's day among them: who counts is the same for all
 * figures. Days on which the clock changes do not count. Thread-safe.
 */
final class PanelReader {
  /** The load profile's own measure goes before what was reckoned from registers. */
  private static final int LOAD_PROFILE = 29;

  private final AnalyticsView view;
  private final PseudonymKey key;

  PanelReader(AnalyticsView view, PseudonymKey key) {
    this.view = view;
    this.key = key;
  }

  /** The households of a month, in the order of their pseudonyms, which is none. */
  List<Household> read(YearMonth month) {
    TreeMap<Pseudonym, Month> months = new TreeMap<>();
    for (int d = 1; d <= month.lengthOfMonth(); d++) {
      LocalDate day = month.atDay(d);
      Map<String, Map<Integer, CurveDay>> rows = new HashMap<>();
      view.day(
          day,
          row ->
              rows.computeIfAbsent(row.subject(), s -> new HashMap<>())
                  .merge(row.meter(), row, PanelReader::better));
      rows.forEach((subject, meters) ->
          months.computeIfAbsent(key.of(subject), p -> new Month()).add(day, meters.values()));
    }
    int needed = Math.ceilDiv(month.lengthOfMonth() * 3, 4);
    List<Household> panel = new ArrayList<>();
    months.forEach((id, one) -> {
      if (one.days() >= needed && one.workdays > 0 && one.weekends > 0) {
        panel.add(one.household(id));
      }
    });
    return panel;
  }

  private static CurveDay better(CurveDay one, CurveDay other) {
    boolean first = whole(one) != whole(other) ? whole(one) : profile(one) || !profile(other);
    return first ? one : other;
  }

  private static boolean profile(CurveDay row) {
    return ObisCode.parse(row.channel()).d() == LOAD_PROFILE;
  }

  /** Whether each slot of a day of 24 hours is known. */
  private static boolean whole(CurveDay row) {
    if ((long) row.slots().length * row.intervalSeconds() != 86_400) {
      return false;
    }
    for (boolean known : row.known()) {
      if (!known) {
        return false;
      }
    }
    return true;
  }

  /** What is known of a household so far. */
  private static final class Month {
    private final double[] workday = new double[Household.HOURS];
    private final double[] weekend = new double[Household.HOURS];
    private final EnumMap<Dimension, String> groups = new EnumMap<>(Dimension.class);
    private int workdays;
    private int weekends;
    private double energy;
    private double base;
    private double peak;

    int days() {
      return workdays + weekends;
    }

    /** A day of all of its meters together; nothing where one of them is not known whole. */
    void add(LocalDate day, Iterable<CurveDay> meters) {
      double[] hours = new double[Household.HOURS];
      for (CurveDay row : meters) {
        if (!whole(row)) {
          return;
        }
        double scale = Math.pow(10, row.scaler());
        int perHour = row.slots().length / Household.HOURS;
        for (int i = 0; i < row.slots().length; i++) {
          hours[i / perHour] += row.slots()[i] * scale; // Wh in an hour: W
        }
        groups.put(Dimension.TARIFF, row.tariff());
        groups.put(Dimension.ZONE, row.zone());
        groups.put(Dimension.FEEDER, row.feeder());
        groups.put(Dimension.AREA, row.area());
      }
      boolean rest =
          day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
      double[] sum = rest ? weekend : workday;
      for (int h = 0; h < hours.length; h++) {
        sum[h] += hours[h];
      }
      if (rest) {
        weekends++;
      } else {
        workdays++;
      }
      energy += Arrays.stream(hours).sum();
      base += Arrays.stream(hours).min().orElse(0);
      peak += Arrays.stream(hours).max().orElse(0);
    }

    Household household(Pseudonym id) {
      return new Household(
          id,
          Map.copyOf(groups),
          Arrays.stream(workday).map(w -> w / workdays).toArray(),
          Arrays.stream(weekend).map(w -> w / weekends).toArray(),
          energy / days() / 1000,
          base / days(),
          peak / days());
    }
  }
}
