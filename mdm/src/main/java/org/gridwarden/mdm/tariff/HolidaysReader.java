package org.gridwarden.mdm.tariff;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.mdm.billing.Holidays;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.datafile.DataNode;

/** Reads a tariff's holidays. Pure functions. */
final class HolidaysReader {
  private static final int MOST = 1_000;
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern EASTER = Pattern.compile("easter(?:([+-])([0-9]{1,2}))?");
  private static final Pattern COUNTED =
      Pattern.compile("(first|second|third|fourth|fifth|last) ([a-z]+) of ([a-z]+)");
  private static final Map<String, Integer> NTH =
      Map.of("first", 1, "second", 2, "third", 3, "fourth", 4, "fifth", 5, "last", -1);

  private HolidaysReader() {}

  /** The holidays that a file's outermost mapping names. */
  static Holidays read(DataNode root) throws DataFileException {
    Optional<DataNode> found = root.child("holidays");
    if (found.isEmpty()) {
      return Holidays.NONE;
    }
    DataNode node = found.get();
    node.allow(Set.of("dates", "rules", "observed"));
    Set<LocalDate> dates = new LinkedHashSet<>();
    for (String text : few(node, "dates")) {
      dates.add(date(node, text));
    }
    List<Holidays.Rule> rules = new ArrayList<>();
    for (String text : few(node, "rules")) {
      rules.add(rule(node, text));
    }
    return new Holidays(dates, rules, node.bool("observed").orElse(false));
  }

  private static List<String> few(DataNode node, String key) throws DataFileException {
    List<String> texts = node.texts(key).orElse(List.of());
    if (texts.size() > MOST) {
      throw node.error(key, "more than " + MOST + " of them; leave the oldest out");
    }
    return texts;
  }

  private static LocalDate date(DataNode node, String text) throws DataFileException {
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw node.error("dates", "'" + text + "' is no date; write it as 2026-12-25");
  }

  private static Holidays.Rule rule(DataNode node, String text) throws DataFileException {
    Matcher easter = EASTER.matcher(text);
    if (easter.matches()) {
      int days = easter.group(2) == null ? 0 : Integer.parseInt(easter.group(2));
      return new Holidays.Easter("-".equals(easter.group(1)) ? -days : days);
    }
    Matcher counted = COUNTED.matcher(text);
    if (counted.matches()) {
      Optional<DayOfWeek> day = Words.weekday(counted.group(2));
      Optional<Month> month = Words.month(counted.group(3));
      if (day.isPresent() && month.isPresent()) {
        return new Holidays.Counted(
            NTH.getOrDefault(counted.group(1), 1), day.get(), month.get().getValue());
      }
    }
    try {
      return new Holidays.Fixed(MonthDay.parse("--" + text));
    } catch (DateTimeException e) {
      throw node.error(
          "rules",
          "'"
              + text
              + "' is no rule; write 12-25, easter, easter-2, easter+39 or last monday of may");
    }
  }
}
