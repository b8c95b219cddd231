package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.gridwarden.core.MeterId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in a coordinator's network, kept in a file so that a restart has nobody join anew. No
 * keys: those are the dongle's. Thread-safe.
 */
public final class Roster {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);
  private static final String FILE = "devices.csv";
  private static final String HEAD =
      "eui64,state,address,meter,multiplier,divisor,deci_volts,reports,status";

  /** Strangers beyond that are forgotten, the first first. */
  private static final int MOST_UNKNOWN = 256;

  private final Path folder;
  private final TreeMap<Eui64, Known> known = new TreeMap<>();

  private Roster(Path folder) {
    this.folder = folder;
  }

  /**
   * A device, for people.
   *
   * @param eui64 its maker's address
   * @param state a word
   * @param address in the network, hexadecimal
   * @param meter which meter it is; empty where nobody said
   */
  public record Line(String eui64, String state, String address, String meter) {}

  /**
   * Reads what a coordinator's folder says, without a coordinator.
   *
   * @throws IOException where there is no such folder, or its file is damaged
   */
  public static List<Line> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(
          folder + " is no folder; give the one that channels.zigbee names for the coordinator");
    }
    return open(folder).all().stream()
        .map(k ->
            new Line(
                k.eui64().toString(),
                k.state().name().toLowerCase(java.util.Locale.ROOT),
                k.address() == Known.NOWHERE
                    ? ""
                    : String.format(java.util.Locale.ROOT, "%04X", k.address()),
                k.meter() == null ? "" : k.meter().value()))
        .toList();
  }

  /**
   * Reads what is known.
   *
   * @throws IOException where the file is damaged, or cannot be read
   */
  static Roster open(Path folder) throws IOException {
    Roster roster = new Roster(folder);
    List<String> lines;
    try {
      lines = Files.readAllLines(folder.resolve(FILE));
    } catch (NoSuchFileException e) {
      return roster;
    }
    for (int i = 1; i < lines.size(); i++) {
      try {
        Known one = parse(lines.get(i));
        roster.known.put(one.eui64(), one);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            folder.resolve(FILE) + ", line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return roster;
  }

  private static Known parse(String line) {
    String[] words = line.split(",", -1);
    if (words.length != 9) {
      throw new IllegalArgumentException("a line has " + HEAD);
    }
    return new Known(
        Eui64.parse(words[0]),
        Known.State.valueOf(words[1]),
        Integer.parseInt(words[2], 16),
        words[3].isEmpty() ? null : new MeterId(words[3]),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        Integer.parseInt(words[6]),
        Boolean.parseBoolean(words[7]),
        Integer.parseInt(words[8]));
  }

  private static String line(Known one) {
    MeterId meter = one.meter();
    return String.join(
        ",",
        one.eui64().toString(),
        one.state().name(),
        Integer.toHexString(one.address()),
        meter == null ? "" : meter.value(),
        Integer.toString(one.multiplier()),
        Integer.toString(one.divisor()),
        Integer.toString(one.deciVolts()),
        Boolean.toString(one.reports()),
        Integer.toString(one.status()));
  }

  synchronized List<Known> all() {
    return List.copyOf(known.values());
  }

  synchronized Optional<Known> by(Eui64 eui64) {
    return Optional.ofNullable(known.get(eui64));
  }

  synchronized Optional<Known> at(int address) {
    return known.values().stream()
        .filter(k -> k.state() == Known.State.JOINED && k.address() == address)
        .findFirst();
  }

  synchronized Optional<Known> of(MeterId meter) {
    return known.values().stream().filter(k -> meter.equals(k.meter()) && k.inside()).findFirst();
  }

  /** Notes that a stranger knocked. */
  synchronized boolean knocked(Eui64 eui64) {
    if (known.containsKey(eui64)) {
      return false;
    }
    List<Known> strangers =
        new ArrayList<>(
            known.values().stream().filter(k -> k.state() == Known.State.UNKNOWN).toList());
    if (strangers.size() >= MOST_UNKNOWN) {
      strangers.sort(Comparator.comparing(Known::eui64));
      known.remove(strangers.getFirst().eui64());
    }
    known.put(eui64, Known.unknown(eui64));
    save();
    return true;
  }

  /** Changes what is known of a device that is known, and keeps it. */
  synchronized Optional<Known> change(Eui64 eui64, UnaryOperator<Known> how) {
    Known before = known.get(eui64);
    if (before == null) {
      return Optional.empty();
    }
    Known after = how.apply(before);
    if (!after.equals(before)) {
      known.put(eui64, after);
      save();
    }
    return Optional.of(after);
  }

  /** A device is expected, as that meter. A meter is one device: the one before is forgotten. */
  synchronized void expect(Eui64 eui64, MeterId meter) {
    known.values().removeIf(k -> meter.equals(k.meter()) && !k.eui64().equals(eui64));
    known.put(eui64, Known.unknown(eui64).expected(meter));
    save();
  }

  /** A device is known no longer. */
  synchronized void forget(Eui64 eui64) {
    if (known.remove(eui64) != null) {
      save();
    }
  }

  private void save() {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    known.values().forEach(one -> text.append(line(one)).append('\n'));
    Path whole = folder.resolve(FILE);
    Path fresh = folder.resolve(FILE + ".new");
    try {
      Files.writeString(fresh, text);
      try (var channel =
          java.nio.channels.FileChannel.open(fresh, java.nio.file.StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // who is inside is known for now; after a restart a meter may have to be expected again
      LOG.error("{} cannot be written: make room, and see to its rights", whole, e);
    }
  }
}
