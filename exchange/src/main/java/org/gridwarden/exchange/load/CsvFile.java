package org.gridwarden.exchange.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.loadfile.BadLine;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.loadfile.LoadLine;

/** Reads CSV files of the common shapes, told apart by their headers. */
final class CsvFile {
  /** Values are read in billionths of kWh or kW, that is, 10^-6 of Wh or W. */
  static final int EXPONENT = 3 - LoadCsv.DECIMALS;

  private static final int LONGEST_HEADER = 1 << 16;
  private static final int MOST_METERS = 200_000;

  private static final String SHAPES =
      "write meter,start,kwh (or kw) with a line an interval; or meter,date and 24, 48 or 96 values"
          + " a line; or meter and a week of values a line, with --from";

  private final ImportSettings settings;
  private final MeterNames names;
  private final Problems problems = new Problems();
  private final SeriesMaker maker;
  private final Map<String, Points> meters = new LinkedHashMap<>();

  CsvFile(ImportSettings settings, MeterNames names, Instant now) {
    this.settings = settings;
    this.names = names;
    this.maker = new SeriesMaker(names, now, problems);
  }

  /**
   * Reads a file.
   *
   * @throws LoadFileException where a line is wrong; it tells the first twenty
   * @throws IOException where the stream fails
   */
  FileLoad read(InputStream in) throws IOException, LoadFileException {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), 2 * LONGEST_HEADER);
    try {
      text.mark(LONGEST_HEADER + 1);
      String header = header(text);
      text.reset();
      CsvColumns columns = CsvColumns.of(header);
      return switch (columns.form()) {
        case OWN -> own(text);
        case TIMED -> new TimedLines(this, columns).read(text);
        case WIDE -> new WideLines(this, columns).read(text);
        case UNKNOWN ->
            throw new LoadFileException(
                "line 1: the header '"
                    + LoadCsv.shown(header)
                    + "' is none that is known: "
                    + SHAPES);
      };
    } catch (CharacterCodingException e) {
      throw new LoadFileException("the file is not UTF-8: save it as UTF-8");
    }
  }

  private static String header(BufferedReader text) throws IOException, LoadFileException {
    StringBuilder line = new StringBuilder();
    int c = text.read();
    while (c >= 0 && c != '\n') {
      if (line.length() == LONGEST_HEADER) {
        throw new LoadFileException("line 1 is longer than 65536 characters; is this a CSV file?");
      }
      if (c != '\r') {
        line.append((char) c);
      }
      c = text.read();
    }
    return line.toString();
  }

  private FileLoad own(BufferedReader text) throws IOException, LoadFileException {
    BoundedLines lines = new BoundedLines(text);
    LoadCsv form = LoadCsv.header(lines.next());
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.isBlank()) {
        continue;
      }
      try {
        LoadLine said = form.parse(line, (int) lines.number());
        if (!said.missing()) {
          add(said.meter(), said.start(), said.value(), lines.number());
        }
      } catch (BadLine e) {
        problems.add(lines.number(), String.valueOf(e.getMessage()));
      }
    }
    boolean power = form.unit() == Unit.WATT;
    return finish("CSV, meter,start," + form.valueColumn(), power, 0, List.of());
  }

  ImportSettings settings() {
    return settings;
  }

  MeterNames names() {
    return names;
  }

  Problems problems() {
    return problems;
  }

  /** When a meter's last value began; {@link Long#MIN_VALUE} where it has none yet. */
  long lastStart(String meter) {
    Points points = meters.get(named(meter));
    return points == null ? Long.MIN_VALUE : points.lastStart();
  }

  void add(String meter, long start, long value, long line) throws LoadFileException {
    String name = named(meter);
    Points points = meters.get(name);
    if (points == null) {
      if (meters.size() == MOST_METERS) {
        throw new LoadFileException("there are more than " + MOST_METERS + " meters: split it");
      }
      points = new Points();
      meters.put(name, points);
    }
    if (!points.add(start, value, Quality.GOOD, line)) {
      throw new LoadFileException(
          "meter " + name + " has more than " + Points.MOST + " values: split the file");
    }
  }

  private String named(String meter) {
    return settings.meter().orElse(meter);
  }

  /**
   * Makes series of what was read.
   *
   * @param seconds an interval's length where the form says it; 0 where not
   */
  FileLoad finish(String form, boolean power, long seconds, List<String> notes)
      throws LoadFileException {
    problems.end();
    if (meters.isEmpty()) {
      throw new LoadFileException("there is no value behind the header: is the file complete?");
    }
    long length = seconds > 0 ? seconds : 0;
    List<Series> series = new ArrayList<>();
    meters.forEach((name, points) -> {
      long its =
          length == 0 && (points.size() == 1 || settings.interval().isPresent())
              ? settings.interval().map(java.time.Duration::toSeconds).orElse(0L)
              : length;
      Optional<Series> one =
          maker.make(new SeriesMaker.Known(name, settings.measure(), EXPONENT, power, its), points);
      one.ifPresent(series::add);
    });
    problems.end();
    List<String> all = new ArrayList<>(notes);
    if (power) {
      all.add("average power became energy: such values are marked as derived");
    }
    return new FileLoad(form, series, all);
  }

  /** Whether values are power, where a header does not say. */
  boolean power(CsvColumns columns) throws LoadFileException {
    if (columns.said()) {
      return columns.power();
    }
    return settings
        .power()
        .orElseThrow(() ->
            new LoadFileException(
                "line 1: the header does not say whether values are energy or power: say --unit kwh"
                    + " or --unit kw"));
  }
}
