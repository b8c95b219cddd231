package org.gridwarden.mdm.billing;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Readings in a CSV file: {@code meter,start,kwh} (or {@code kw}, the average), a line an interval,
 * the start in ISO 8601 with its offset, an empty value where none is known. Lines may come in any
 * order; the interval is found from them; lines that are not there are intervals without a value.
 * Further columns are passed over.
 *
 * @param loads the meters' loads in the order in which they first occur
 * @param civil the civil time that the lines' own offsets show
 */
public record LoadCsv(List<Load> loads, ZoneRules civil) {
  /** Digits behind the point that are kept; what is finer is refused. */
  public static final int SCALE = 9;

  /** A day of seconds for a year, ten times over: longer loads are not read at once. */
  private static final int MOST_INTERVALS = 10_000_000;

  private static final int LONGEST_LINE = 4_096;
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000L);

  public LoadCsv {
    loads = List.copyOf(loads);
  }

  /**
   * Reads a file.
   *
   * @throws LoadFileException where a line is not what it should be
   * @throws IOException where the file cannot be read
   */
  public static LoadCsv read(Path file) throws LoadFileException, IOException {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(String.valueOf(file.getFileName()), in);
    } catch (MalformedInputException e) {
      throw new LoadFileException(file + ": not text in UTF-8");
    }
  }

  /** Reads lines; {@code name} is what errors call them. */
  static LoadCsv read(String name, BufferedReader in) throws LoadFileException, IOException {
    return new Lines(name).read(in);
  }

  /** One reading of a file. */
  private static final class Lines {
    private final String name;
    private final Map<String, Points> meters = new LinkedHashMap<>();
    private final NavigableMap<Long, ZoneOffset> offsets = new TreeMap<>();
    private int meterColumn;
    private int startColumn;
    private int valueColumn;
    private boolean power;
    private int number = 1;

    Lines(String name) {
      this.name = name;
    }

    LoadCsv read(BufferedReader in) throws IOException, LoadFileException {
      String header = in.readLine();
      if (header == null) {
        throw fault("the file is empty: its header is meter,start,kwh or meter,start,kw");
      }
      header(header);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          line(line);
        }
      }
      if (meters.isEmpty()) {
        throw fault("there is no line behind the header");
      }
      List<Load> loads = new ArrayList<>();
      for (var meter : meters.entrySet()) {
        loads.add(load(meter.getKey(), meter.getValue()));
      }
      return new LoadCsv(loads, rules());
    }

    private void header(String header) throws LoadFileException {
      String bare = header.startsWith("\uFEFF") ? header.substring(1) : header;
      List<String> columns =
          fields(bare).stream().map(c -> c.strip().toLowerCase(Locale.ROOT)).toList();
      meterColumn = columns.indexOf("meter");
      startColumn = columns.indexOf("start");
      int energy = columns.indexOf("kwh");
      int mean = columns.indexOf("kw");
      power = energy < 0;
      valueColumn = Math.max(energy, mean);
      if (meterColumn < 0 || startColumn < 0 || energy < 0 == mean < 0) {
        throw fault("the header is meter,start,kwh or meter,start,kw, not '" + bare + "'");
      }
    }

    private void line(String line) throws LoadFileException {
      if (line.length() > LONGEST_LINE) {
        throw fault("longer than " + LONGEST_LINE + " characters");
      }
      List<String> fields = fields(line);
      if (fields.size() <= Math.max(meterColumn, Math.max(startColumn, valueColumn))) {
        throw fault("has " + fields.size() + " fields, fewer than the header");
      }
      String meter = fields.get(meterColumn).strip();
      if (meter.isEmpty()) {
        throw fault("names no meter");
      }
      String when = fields.get(startColumn).strip();
      OffsetDateTime start;
      try {
        start = OffsetDateTime.parse(when);
      } catch (DateTimeException e) {
        throw fault("'" + when + "' is no time with its offset, as 2026-01-31T00:15:00+01:00 is");
      }
      if (start.getNano() != 0) {
        throw fault("'" + when + "' is not on a full second");
      }
      long at = start.toEpochSecond();
      var before = offsets.floorEntry(at);
      if (before == null || !before.getValue().equals(start.getOffset())) {
        offsets.put(at, start.getOffset());
      }
      if (!meters.computeIfAbsent(meter, m -> new Points()).add(at, value(fields), number)) {
        throw fault("has more than " + MOST_INTERVALS + " intervals of meter " + meter);
      }
    }

    private long value(List<String> fields) throws LoadFileException {
      String text = fields.get(valueColumn).strip();
      if (text.isEmpty()) {
        return Load.MISSING;
      }
      try {
        BigDecimal value = text.length() > 40 ? MOST : new BigDecimal(text);
        if (value.abs().compareTo(MOST) >= 0) {
          throw fault("'" + text + "' is no quantity of a meter");
        }
        return value.setScale(SCALE, RoundingMode.UNNECESSARY).unscaledValue().longValueExact();
      } catch (NumberFormatException e) {
        throw fault("'" + text + "' is no number; a value that is not known is left empty");
      } catch (ArithmeticException e) {
        throw fault("'" + text + "' has more than " + SCALE + " digits behind the point");
      }
    }

    private Load load(String meter, Points points) throws LoadFileException {
      points.sort();
      long seconds = points.step();
      if (seconds <= 0 || seconds > 86_400) {
        throw new LoadFileException(
            name
                + ": meter "
                + meter
                + (points.size == 1
                    ? " has one line: an interval's length cannot be told from it"
                    : " has no interval of a second to a day: two lines start at the same time"));
      }
      long count = (points.at(points.size - 1) - points.at(0)) / seconds + 1;
      // a few lines far apart do not make room for millions
      if (count > Math.min(MOST_INTERVALS, 100_000 + 100L * points.size)) {
        throw new LoadFileException(
            name
                + ": meter "
                + meter
                + " spans "
                + count
                + " intervals of "
                + seconds
                + " s with "
                + points.size
                + " lines: are its times right?");
      }
      long[] values = new long[(int) count];
      Arrays.fill(values, Load.MISSING);
      long first = points.at(0);
      for (int i = 0; i < points.size; i++) {
        long off = points.at(i) - first;
        if (off % seconds != 0 || i > 0 && points.at(i) == points.at(i - 1)) {
          throw new LoadFileException(
              name
                  + ", line "
                  + points.line(i)
                  + ": "
                  + Instant.ofEpochSecond(points.at(i))
                  + (off % seconds != 0
                      ? " is not on meter " + meter + "'s grid of " + seconds + " s"
                      : " is there twice for meter " + meter + ": leave one of them out"));
        }
        values[(int) (off / seconds)] = points.value(i);
      }
      return new Load(meter, Instant.ofEpochSecond(first), (int) seconds, values, SCALE, power);
    }

    /** The civil time that the offsets tell: each holds until the first line with another one. */
    private ZoneRules rules() throws LoadFileException {
      List<ZoneOffsetTransition> changes = new ArrayList<>();
      ZoneOffset first = offsets.firstEntry().getValue();
      ZoneOffset now = first;
      for (var change : offsets.entrySet()) {
        if (!change.getValue().equals(now)) {
          changes.add(
              ZoneOffsetTransition.of(
                  java.time.LocalDateTime.ofEpochSecond(change.getKey(), 0, now),
                  now,
                  change.getValue()));
          now = change.getValue();
        }
      }
      if (changes.size() > 1_000) {
        throw new LoadFileException(
            name + ": the lines' offsets change too often; say the civil time with --zone");
      }
      return ZoneRules.of(first, first, List.of(), changes, List.of());
    }

    private static List<String> fields(String line) {
      List<String> fields = new ArrayList<>();
      StringBuilder field = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < line.length(); i++) {
        char c = line.charAt(i);
        if (c == '"') {
          if (quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
            field.append(c);
            i++;
          } else {
            quoted = !quoted;
          }
        } else if (c == ',' && !quoted) {
          fields.add(field.toString());
          field.setLength(0);
        } else {
          field.append(c);
        }
      }
      fields.add(field.toString());
      return fields;
    }

    private LoadFileException fault(String what) {
      return new LoadFileException(name + ", line " + number + ": " + what);
    }
  }

  /** A meter's lines: when, how much, and which line said so. */
  private static final class Points {
    private long[] points = new long[3 * 128];
    private int size;

    boolean add(long at, long value, int line) {
      if (size == MOST_INTERVALS) {
        return false;
      }
      if (3 * size == points.length) {
        points = Arrays.copyOf(points, points.length * 2);
      }
      points[3 * size] = at;
      points[3 * size + 1] = value;
      points[3 * size + 2] = line;
      size++;
      return true;
    }

    long at(int i) {
      return points[3 * i];
    }

    long value(int i) {
      return points[3 * i + 1];
    }

    long line(int i) {
      return points[3 * i + 2];
    }

    void sort() {
      for (int i = 1; i < size; i++) {
        if (at(i) < at(i - 1)) {
          Integer[] order = new Integer[size];
          Arrays.setAll(order, n -> n);
          Arrays.sort(order, java.util.Comparator.comparingLong(this::at));
          long[] sorted = new long[3 * size];
          for (int n = 0; n < size; n++) {
            System.arraycopy(points, 3 * order[n], sorted, 3 * n, 3);
          }
          points = sorted;
          return;
        }
      }
    }

    /** The step that occurs most between neighbours; the smaller of two that occur as often. */
    long step() {
      Map<Long, Integer> steps = new TreeMap<>();
      for (int i = 1; i < size; i++) {
        steps.merge(at(i) - at(i - 1), 1, Integer::sum);
      }
      return steps.entrySet().stream()
          .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
          .map(Map.Entry::getKey)
          .orElse(0L);
    }
  }
}
