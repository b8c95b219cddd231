package org.gridwarden.mdm.tariff;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** A tariff's seasons: parts of the civil year that do not overlap. Immutable. */
final class Seasons {
  private static final int MOST = 12;

  private final List<String> names = new ArrayList<>();

  /** By month and day, all months as long as the longest; 0: none. */
  private final byte[] days = new byte[12 * 31];

  private Seasons() {}

  /** The seasons that a file's outermost mapping names. */
  static Seasons read(DataNode root) throws DataFileException {
    Seasons seasons = new Seasons();
    Optional<DataNode> found = root.child("seasons");
    if (found.isEmpty()) {
      return seasons;
    }
    DataNode node = found.get();
    for (String name : node.keys()) {
      if (seasons.names.size() == MOST) {
        throw node.error(name, "more than " + MOST + " seasons; leave some out");
      }
      DataNode its = node.child(name).orElseThrow();
      its.allow(Set.of("from", "to"));
      seasons.names.add(name);
      seasons.fill(node, name, day(its, "from"), day(its, "to"));
    }
    return seasons;
  }

  private static MonthDay day(DataNode node, String key) throws DataFileException {
    String text = node.text(key).orElse("");
    try {
      return MonthDay.parse("--" + text);
    } catch (DateTimeException e) {
      throw node.error(key, "'" + text + "' is no day of the year; write it as 03-31");
    }
  }

  private void fill(DataNode node, String name, MonthDay from, MonthDay to)
      throws DataFileException {
    // until 28 February is until the month's end
    int last = to.equals(MonthDay.of(2, 28)) ? place(2, 29) : place(to);
    for (int place = place(from); ; place = (place + 1) % days.length) {
      if (days[place] != 0) {
        throw node.error(
            name,
            "it overlaps with "
                + names.get(days[place] - 1)
                + " on "
                + String.format(Locale.ROOT, "%02d-%02d", place / 31 + 1, place % 31 + 1)
                + "; a day has one season");
      }
      days[place] = (byte) names.size();
      if (place == last) {
        return;
      }
    }
  }

  private static int place(MonthDay day) {
    return place(day.getMonthValue(), day.getDayOfMonth());
  }

  private static int place(int month, int day) {
    return (month - 1) * 31 + day - 1;
  }

  /** How many there are, the days of none being one. */
  int count() {
    return names.size() + 1;
  }

  /** A season's number by its name, from 1; 0 where there is none of that name. */
  int of(String name) {
    return names.indexOf(name) + 1;
  }

  List<String> names() {
    return names;
  }

  /** The number of the season that a day lies in; 0: none. */
  int at(LocalDate day) {
    return days[place(day.getMonthValue(), day.getDayOfMonth())];
  }
}
