package org.gridwarden.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * How real households use electricity: four weeks of quarter-hours each, read from a data file that
 * stands beside the program and under a licence of its own (CC BY-SA 4.0; see its NOTICE).
 * Immutable.
 */
public final class Households {
  /** Quarter-hours in the four weeks, which begin on a Monday at 00:00. */
  static final int QUARTERS = 4 * 7 * 96;

  private static final String FILE = "data-files/swiss-households/weeks44-47.csv.gz";
  private static final int MOST = 100_000;

  private final List<short[]> curves;

  private Households(List<short[]> curves) {
    this.curves = List.copyOf(curves);
  }

  /**
   * The data file of this installation: below the folder in the system property {@code
   * gridwarden.home}, else below the working folder or one that it stands in.
   *
   * @throws IOException where it is not found or cannot be read
   */
  public static Households load() throws IOException {
    String home = System.getProperty("gridwarden.home", "");
    Path from = Path.of(home).toAbsolutePath();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isReadable(folder.resolve(FILE))) {
        return load(folder.resolve(FILE));
      }
    }
    throw new IOException(
        "the households' data file "
            + FILE
            + " is not below "
            + from
            + "; start ./gridwarden from a complete copy of the project");
  }

  /**
   * Reads a gzipped text file: a line a household, its name and 2,688 values in Wh; lines with
   * {@code #} are notes.
   *
   * @throws IOException where it cannot be read or a line is not so
   */
  public static Households load(Path file) throws IOException {
    List<short[]> curves = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.startsWith("#") && curves.size() < MOST) {
          curves.add(parse(line, file, number));
        }
      }
    }
    if (curves.isEmpty()) {
      throw new IOException(file + " holds no household");
    }
    return new Households(curves);
  }

  /** How many there are. */
  public int count() {
    return curves.size();
  }

  /** What a household used in a quarter-hour of the four weeks, in Wh. */
  int wattHours(int household, int quarter) {
    return curves.get(household)[quarter];
  }

  private static short[] parse(String line, Path file, int number) throws IOException {
    String[] parts = line.split(",", -1);
    if (parts.length != QUARTERS + 1) {
      throw new IOException(
          file + " line " + number + " has " + (parts.length - 1) + " values, not " + QUARTERS);
    }
    short[] curve = new short[QUARTERS];
    for (int i = 0; i < QUARTERS; i++) {
      try {
        curve[i] = Short.parseShort(parts[i + 1]);
      } catch (NumberFormatException e) {
        throw new IOException(file + " line " + number + ", value " + (i + 1) + " is no number", e);
      }
      if (curve[i] < 0) {
        throw new IOException(file + " line " + number + ", value " + (i + 1) + " is negative");
      }
    }
    return curve;
  }
}
