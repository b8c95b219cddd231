package org.gridwarden.bench.vee;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/**
 * Real households' curves, from data files that stand beside the program under licences of their
 * own.
 *
 * @param name what the set is called
 * @param curves one a household
 */
public record RealCurves(String name, List<Curve> curves) {
  private static final String SWISS = "data-files/swiss-households/weeks44-47.csv.gz";
  private static final String DEFECTS = "data-files/swiss-households/defects.csv.gz";
  private static final int MOST_LINES = 5_000_000;

  /** A Monday of a calendar week 44; the data does not say of which year. */
  private static final LocalDate WEEK_44 = LocalDate.of(2018, 10, 29);

  /** 261 Swiss households, four weeks of quarter-hours, in Wh. */
  public static RealCurves swiss() throws IOException {
    return new RealCurves("swiss", quarterHours(find(SWISS)));
  }

  /** The eight Swiss households left out there: each has a week of nothing but zeros. */
  public static RealCurves swissWithZeroWeeks() throws IOException {
    return new RealCurves("swiss-zero-weeks", quarterHours(find(DEFECTS)));
  }

  /** The households of one half: those with an even or with an odd place. */
  public List<Curve> half(int which) {
    List<Curve> out = new ArrayList<>();
    for (int i = which; i < curves.size(); i += 2) {
      out.add(curves.get(i));
    }
    return out;
  }

  /** The same household in half-hours. */
  static Curve inHalfHours(Curve quarters) {
    Timeline time = Timeline.ofDays(WEEK_44, 28, 1800, ZoneId.of("Europe/Zurich"), Set.of());
    long[] values = new long[time.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = quarters.values()[2 * i] + quarters.values()[2 * i + 1];
    }
    return new Curve(time, Unit.WATT_HOUR, 0, values, new byte[values.length]);
  }

  private static Path find(String file) throws IOException {
    Path from = Path.of(System.getProperty("gridwarden.home", "")).toAbsolutePath();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isReadable(folder.resolve(file))) {
        return folder.resolve(file);
      }
    }
    throw new IOException(
        file
            + " is not below "
            + from
            + "; start ./gridwarden from a complete copy of the project");
  }

  private static List<Curve> quarterHours(Path file) throws IOException {
    Timeline time = Timeline.ofDays(WEEK_44, 28, 900, ZoneId.of("Europe/Zurich"), Set.of());
    List<Curve> curves = new ArrayList<>();
    try (BufferedReader lines = gunzipped(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(",", -1);
          if (parts.length != time.slots() + 1) {
            throw new IOException(file + ": a line has " + (parts.length - 1) + " values");
          }
          long[] values = new long[time.slots()];
          for (int i = 0; i < values.length; i++) {
            values[i] = Long.parseLong(parts[i + 1]);
          }
          curves.add(new Curve(time, Unit.WATT_HOUR, 0, values, new byte[values.length]));
        }
      }
    }
    return curves;
  }

  /**
   * Half-hours as the Smart Grid Smart City trial's customers have them: a gzipped CSV with the
   * header {@code customer_id,reading_datetime,general_supply_kwh}. Its times are Sydney's wall
   * clock with 24 hours on every day: the hour that spring leaves out is dropped, the one that
   * autumn gives back is missing.
   *
   * @throws IOException where it cannot be read or is not so
   */
  public static RealCurves halfHours(Path file) throws IOException {
    Map<String, List<String[]>> lines = new LinkedHashMap<>();
    try (BufferedReader in = gunzipped(file)) {
      String header = in.readLine();
      if (!"customer_id,reading_datetime,general_supply_kwh".equals(header)) {
        throw new IOException(file + ": its header is not that of the trial's half-hours");
      }
      int count = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split(",", -1);
        if (parts.length != 3 || ++count > MOST_LINES) {
          throw new IOException(file + ": line " + (count + 1) + " is not as its header says");
        }
        lines.computeIfAbsent(parts[0], k -> new ArrayList<>()).add(parts);
      }
    }
    List<Curve> curves = new ArrayList<>();
    for (List<String[]> its : lines.values()) {
      curves.add(halfHours(its));
    }
    return new RealCurves("sgsc", curves);
  }

  private static Curve halfHours(List<String[]> lines) {
    ZoneId zone = ZoneId.of("Australia/Sydney");
    LocalDateTime first = LocalDateTime.parse(lines.getFirst()[1]);
    LocalDateTime last = LocalDateTime.parse(lines.getLast()[1]);
    LocalDate from = first.toLocalDate().plusDays(1);
    int days = (int) (last.toLocalDate().toEpochDay() - from.toEpochDay());
    Timeline time = Timeline.ofDays(from, days, 1800, zone, Set.of());
    long[] values = new long[time.slots()];
    byte[] quality = new byte[time.slots()];
    Arrays.fill(quality, Quality.MISSING);
    for (String[] line : lines) {
      LocalDateTime at = LocalDateTime.parse(line[1]);
      if (zone.getRules().getValidOffsets(at).isEmpty()) {
        continue;
      }
      int slot = time.slotOf(at.atZone(zone).toInstant());
      if (slot >= 0 && slot < values.length && !line[2].isEmpty()) {
        values[slot] = Math.round(Double.parseDouble(line[2]) * 1000);
        quality[slot] = Quality.GOOD;
      }
    }
    return new Curve(time, Unit.WATT_HOUR, 0, values, quality);
  }

  private static BufferedReader gunzipped(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII));
  }
}
