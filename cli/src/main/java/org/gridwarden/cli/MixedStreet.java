package org.gridwarden.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.MessageStreet;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.simulator.StreetStats;
import org.gridwarden.simulator.channels.MeterChannel;

/** Meters of every kind side by side: a street for each channel. */
final class MixedStreet implements AutoCloseable {
  private static final StreetStats NOTHING = new StreetStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final String DLMS_SERIALS = "GW-0";

  private final List<Kind> kinds = new ArrayList<>();
  private final Map<MeterChannel, MessageStreet> carried = new LinkedHashMap<>();
  private Optional<Street> dlms = Optional.empty();

  /**
   * The meters of one channel.
   *
   * @param name the channel's
   * @param serials how their serial numbers begin
   * @param meters how many
   * @param ship writes their shipment
   * @param stats how they do
   * @param first when the first confirmation came, as {@link System#nanoTime}
   * @param end stops them
   */
  record Kind(
      String name,
      String serials,
      int meters,
      Ship ship,
      Supplier<StreetStats> stats,
      Supplier<OptionalLong> first,
      End end) {}

  /** Writes a shipment without the first so many meters, which were shipped before. */
  interface Ship {
    /** Writes it. */
    void write(Path file, PublicKey office, int shipped) throws IOException;
  }

  /** Stops meters. */
  interface End {
    /** Stops them. */
    void close() throws IOException;
  }

  private MixedStreet() {}

  /**
   * Lays them out.
   *
   * @param meters how many in all, shared out evenly
   * @param settings of the street of a channel, by its name and its number of meters
   * @throws IOException where a state or journal file cannot be read or written
   */
  static MixedStreet of(
      ChannelChoice choice, int meters, BiFunction<String, Integer, StreetSettings> settings)
      throws IOException {
    MixedStreet mixed = new MixedStreet();
    try {
      mixed.lay(choice, meters, settings);
      return mixed;
    } catch (IOException | RuntimeException e) {
      mixed.close();
      throw e;
    }
  }

  private void lay(
      ChannelChoice choice, int meters, BiFunction<String, Integer, StreetSettings> settings)
      throws IOException {
    Households households = Households.load();
    InstantSource clock = InstantSource.system();
    if (choice.dlms().isPresent()) {
      int share = choice.share(meters, kinds.size());
      Street street = Street.of(settings.apply(ChannelChoice.DLMS, share), households, clock);
      dlms = Optional.of(street);
      kinds.add(
          new Kind(
              ChannelChoice.DLMS,
              DLMS_SERIALS,
              share,
              street::writeShipment,
              street::stats,
              street::firstConfirmed,
              street::close));
    }
    for (MeterChannel channel : choice.others().keySet()) {
      int share = choice.share(meters, kinds.size());
      MessageStreet street =
          MessageStreet.of(
              settings.apply(channel.name(), share), households, clock, channel.before());
      carried.put(channel, street);
      kinds.add(
          new Kind(
              channel.name(),
              channel.serials(),
              share,
              street::writeShipment,
              street::stats,
              street::firstConfirmed,
              street::close));
    }
  }

  /** The kinds, in their order. */
  List<Kind> kinds() {
    return List.copyOf(kinds);
  }

  /** The street that speaks DLMS, which starts by itself; empty where none was chosen. */
  Optional<Street> dlms() {
    return dlms;
  }

  /** Sets the meters of all other channels to work. */
  void start(Function<MeterChannel, MeterChannel.Target> where) {
    carried.forEach(
        (channel, street) -> street.start(channel.carrier().apply(where.apply(channel))));
  }

  /** How all do together. */
  StreetStats stats() {
    return kinds.stream().map(kind -> kind.stats().get()).reduce(NOTHING, StreetStats::and);
  }

  /** When the first confirmation came, as {@link System#nanoTime}; empty before. */
  OptionalLong firstConfirmed() {
    return kinds.stream()
        .map(kind -> kind.first().get())
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .reduce((a, b) -> a - b < 0 ? a : b);
  }

  /** The file of a kind's own: DLMS has the name as it is, the others have theirs in it. */
  static Path beside(Path file, String name) {
    if (name.equals(ChannelChoice.DLMS)) {
      return file;
    }
    String whole = String.valueOf(file.getFileName());
    int dot = whole.lastIndexOf('.');
    return file.resolveSibling(
        dot < 0 ? whole + "-" + name : whole.substring(0, dot) + "-" + name + whole.substring(dot));
  }

  /** Removes the files of former runs. */
  static void forget(Path file) throws IOException {
    Files.deleteIfExists(file);
    for (MeterChannel channel : MeterChannel.all()) {
      Files.deleteIfExists(beside(file, channel.name()));
    }
  }

  @Override
  public void close() throws IOException {
    Optional<IOException> failed = Optional.empty();
    for (Kind kind : kinds) {
      try {
        kind.end().close();
      } catch (IOException e) {
        failed = Optional.of(e);
      }
    }
    if (failed.isPresent()) {
      throw failed.get();
    }
  }
}
