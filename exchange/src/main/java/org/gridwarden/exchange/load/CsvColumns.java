package org.gridwarden.exchange.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A header's columns, and which form of a file they make.
 *
 * @param form which
 * @param separator comma or semicolon; behind a semicolon a comma is the decimal sign
 * @param meter which column names the meter
 * @param time which one says when, the day or the instant; -1 where none does
 * @param values which ones are values
 * @param power whether they are average kW
 * @param said whether the header says so
 * @param count how many there are
 */
record CsvColumns(
    Form form,
    char separator,
    int meter,
    int time,
    List<Integer> values,
    boolean power,
    boolean said,
    int count) {
  /** Which form a file has. */
  enum Form {
    /** The house's own: meter,start,kwh. */
    OWN,
    /** A line an interval, under other names. */
    TIMED,
    /** A line a day, or a line some days. */
    WIDE,
    /** None of these. */
    UNKNOWN
  }

  private static final Set<String> METERS =
      Set.of(
          "meter",
          "meter_id",
          "meterid",
          "meter id",
          "customer_id",
          "customer",
          "vid",
          "nmi",
          "serial",
          "id",
          "service_point",
          "servicepoint",
          "meteringpoint",
          "zählpunkt");

  private static final Set<String> INSTANTS =
      Set.of(
          "start",
          "timestamp",
          "datetime",
          "reading_datetime",
          "time",
          "interval_start",
          "from",
          "start_time",
          "date_time");

  private static final Set<String> DAYS = Set.of("date", "day", "datum", "intervaldate");

  private static final int MOST = 2_000;

  /** Reads a header. */
  static CsvColumns of(String line) {
    String text = line.startsWith("\uFEFF") ? line.substring(1) : line;
    char separator = text.indexOf(';') >= 0 && text.indexOf(',') < 0 ? ';' : ',';
    List<String> names = new ArrayList<>();
    for (String name : text.split(String.valueOf(separator), -1)) {
      names.add(name.strip().replace("\"", "").toLowerCase(Locale.ROOT));
    }
    if (names.size() > MOST) {
      return unknown(separator, names.size());
    }
    boolean own =
        separator == ','
            && names.contains("meter")
            && names.contains("start")
            && names.contains("kwh") != names.contains("kw");
    int meter = first(names, METERS);
    int instant = first(names, INSTANTS);
    int day = first(names, DAYS);
    if (own) {
      return new CsvColumns(
          Form.OWN, separator, meter, instant, List.of(), false, true, names.size());
    }
    List<Integer> energies = ending(names, "kwh");
    List<Integer> powers = ending(names, "kw");
    List<Integer> values = !energies.isEmpty() ? energies : powers;
    if (meter >= 0 && instant >= 0) {
      if (values.isEmpty() && names.contains("value")) {
        values = List.of(names.indexOf("value"));
      }
      return values.size() == 1
          ? new CsvColumns(
              Form.TIMED,
              separator,
              meter,
              instant,
              values,
              energies.isEmpty() && !powers.isEmpty(),
              !energies.isEmpty() || !powers.isEmpty(),
              names.size())
          : unknown(separator, names.size());
    }
    if (meter >= 0) {
      int behind = Math.max(meter, day) + 1;
      List<Integer> rest = new ArrayList<>();
      for (int i = behind; i < names.size(); i++) {
        rest.add(i);
      }
      boolean allPower = rest.size() == powers.size() && !powers.isEmpty();
      boolean allEnergy = rest.size() == energies.size() && !energies.isEmpty();
      if (day >= 0 && perDay(rest.size()) || day < 0 && wholeDays(rest.size())) {
        return new CsvColumns(
            Form.WIDE, separator, meter, day, rest, allPower, allPower || allEnergy, names.size());
      }
    }
    return unknown(separator, names.size());
  }

  /** How many columns of a {@link Form#WIDE} file are a day. */
  int day() {
    return time >= 0 || perDay(values.size()) ? values.size() : values.size() / 7;
  }

  private static boolean perDay(int columns) {
    return columns == 24 || columns == 48 || columns == 96;
  }

  private static boolean wholeDays(int columns) {
    return perDay(columns) || columns % 7 == 0 && perDay(columns / 7);
  }

  private static CsvColumns unknown(char separator, int count) {
    return new CsvColumns(Form.UNKNOWN, separator, -1, -1, List.of(), false, false, count);
  }

  private static int first(List<String> names, Set<String> wanted) {
    for (int i = 0; i < names.size(); i++) {
      if (wanted.contains(names.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static List<Integer> ending(List<String> names, String unit) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.equals(unit) || name.endsWith("_" + unit) || name.endsWith(" " + unit)) {
        found.add(i);
      }
    }
    return found;
  }
}
