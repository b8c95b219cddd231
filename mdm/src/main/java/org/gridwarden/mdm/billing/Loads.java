package org.gridwarden.mdm.billing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.loadfile.BadLine;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.loadfile.LoadLine;

/**
 * The readings of a load file, meter by meter. Lines may come in any order; the interval is found
 * from them; lines that are not there are intervals without a value.
 *
 * @param loads the meters' loads in the order in which they first occur
 * @param civil the civil time that the lines' own offsets show
 */
public record Loads(List<Load> loads, ZoneRules civil) {
  /** A day of seconds for a year, ten times over: longer loads are not read at once. */
  private static final int MOST_INTERVALS = 10_000_000;

  public Loads {
    loads = List.copyOf(loads);
  }

  /**
   * Reads a file.
   *
   * @throws LoadFileException where a line is not what it should be
   * @throws IOException where the file cannot be read
   */
  public static Loads read(Path file) throws LoadFileException, IOException {
    try (BoundedLines lines = new BoundedLines(file)) {
      return read(String.valueOf(file.getFileName()), lines);
    }
  }

  /** Reads lines; {@code name} is what errors call them. */
  static Loads read(String name, BoundedLines lines) throws LoadFileException, IOException {
    return new Lines(name).read(lines);
  }

  /** One reading of a file. */
  private static final class Lines {
    private final String name;
    private final Map<String, Points> meters = new LinkedHashMap<>();
    private final NavigableMap<Long, ZoneOffset> offsets = new TreeMap<>();

    Lines(String name) {
      this.name = name;
    }

    Loads read(BoundedLines lines) throws IOException, LoadFileException {
      LoadCsv form;
      try {
        form = LoadCsv.header(lines.next()).withEstimates();
        for (String line = lines.next(); line != null; line = lines.next()) {
          if (!line.isBlank()) {
            take(form.parse(line, (int) lines.number()));
          }
        }
      } catch (BadLine e) {
        throw fault("line " + lines.number() + " " + e.getMessage());
      } catch (LoadFileException e) {
        throw fault(String.valueOf(e.getMessage()));
      }
      if (meters.isEmpty()) {
        throw fault("there is no line behind the header");
      }
      List<Load> loads = new ArrayList<>();
      for (var meter : meters.entrySet()) {
        loads.add(load(meter.getKey(), meter.getValue(), form.unit() == Unit.WATT));
      }
      return new Loads(loads, rules());
    }

    private void take(LoadLine line) throws LoadFileException {
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(line.offset());
      var before = offsets.floorEntry(line.start());
      if (before == null || !before.getValue().equals(offset)) {
        offsets.put(line.start(), offset);
      }
      long value = line.missing() ? Load.MISSING : line.value();
      if (!meters
          .computeIfAbsent(line.meter(), m -> new Points())
          .add(line.start(), value, line.number())) {
        throw new LoadFileException(
            "meter " + line.meter() + " has more than " + MOST_INTERVALS + " lines");
      }
    }

    private Load load(String meter, Points points, boolean power) throws LoadFileException {
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
      return new Load(
          meter, Instant.ofEpochSecond(first), (int) seconds, values, LoadCsv.DECIMALS, power);
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

    private LoadFileException fault(String what) {
      return new LoadFileException(name + ": " + what);
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
