package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which devices of a coordinator's network are power strips, which endpoint is which outlet, and
 * how its raw values are to be read; kept in a file, so that a restart asks nobody again.
 * Thread-safe.
 */
final class Strips {
  /** The channels that value group B of an OBIS code has. */
  static final int MOST_OUTLETS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Strips.class);
  private static final String FILE = "strips.csv";
  private static final String HEAD =
      "eui64,outlet,endpoint,energy_multiplier,energy_divisor,power_multiplier,power_divisor,"
          + "voltage_multiplier,voltage_divisor,current_multiplier,current_divisor";
  private static final int COLUMNS = 11;

  private final Path folder;
  private final TreeMap<Eui64, List<Outlet>> strips = new TreeMap<>();

  private Strips(Path folder) {
    this.folder = folder;
  }

  /**
   * By what a raw value is multiplied and divided.
   *
   * @param over 0 where it is not told at all
   */
  record Ratio(int by, int over) {
    static final Ratio NONE = new Ratio(0, 0);

    boolean told() {
      return by > 0 && over > 0;
    }
  }

  /**
   * An outlet.
   *
   * @param number 1 to 64, in the order of the endpoints
   * @param energy raw to kilowatt-hours
   * @param power raw to watts
   * @param voltage raw to volts
   * @param current raw to amperes
   */
  record Outlet(
      int number, int endpoint, Ratio energy, Ratio power, Ratio voltage, Ratio current) {}

  /**
   * Reads what is known.
   *
   * @throws IOException where the file is damaged, or cannot be read
   */
  static Strips open(Path folder) throws IOException {
    Strips all = new Strips(folder);
    List<String> lines;
    try {
      lines = Files.readAllLines(folder.resolve(FILE));
    } catch (NoSuchFileException e) {
      return all;
    }
    for (int i = 1; i < lines.size(); i++) {
      try {
        all.parse(lines.get(i));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            folder.resolve(FILE) + ", line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return all;
  }

  private void parse(String line) {
    String[] words = line.split(",", -1);
    if (words.length != COLUMNS) {
      throw new IllegalArgumentException("a line has " + HEAD);
    }
    int[] numbers = new int[COLUMNS];
    for (int i = 1; i < COLUMNS; i++) {
      numbers[i] = Integer.parseInt(words[i]);
    }
    strips
        .computeIfAbsent(Eui64.parse(words[0]), device -> new ArrayList<>())
        .add(
            new Outlet(
                numbers[1],
                numbers[2],
                new Ratio(numbers[3], numbers[4]),
                new Ratio(numbers[5], numbers[6]),
                new Ratio(numbers[7], numbers[8]),
                new Ratio(numbers[9], numbers[10])));
  }

  private static String line(Eui64 device, Outlet one) {
    return String.join(
        ",",
        device.toString(),
        one.number + "," + one.endpoint,
        one.energy.by + "," + one.energy.over,
        one.power.by + "," + one.power.over,
        one.voltage.by + "," + one.voltage.over,
        one.current.by + "," + one.current.over);
  }

  /** Whether a device is a strip. */
  synchronized boolean has(Eui64 device) {
    return strips.containsKey(device);
  }

  /** A strip's outlets, the first first. */
  synchronized List<Outlet> outlets(Eui64 device) {
    return List.copyOf(strips.getOrDefault(device, List.of()));
  }

  /** The outlet at an endpoint. */
  Optional<Outlet> at(Eui64 device, int endpoint) {
    return outlets(device).stream().filter(o -> o.endpoint == endpoint).findFirst();
  }

  /** A device is a strip with these outlets; with none it is not. */
  synchronized void put(Eui64 device, List<Outlet> outlets) {
    List<Outlet> sorted = outlets.stream().sorted(Comparator.comparingInt(Outlet::number)).toList();
    List<Outlet> before = sorted.isEmpty() ? strips.remove(device) : strips.put(device, sorted);
    if (!sorted.equals(before == null ? List.of() : before)) {
      save();
    }
  }

  private void save() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    strips.forEach(
        (device, outlets) -> outlets.forEach(o -> text.append(line(device, o)).append('\n')));
    Path whole = folder.resolve(FILE);
    Path fresh = folder.resolve(FILE + ".new");
    try {
      Files.writeString(fresh, text);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // known for now; after a restart a strip's reports are dropped until it announces itself
      LOG.error("{} cannot be written: make room, and see to its rights", whole, e);
    }
  }
}
