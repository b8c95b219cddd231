package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/**
 * Questions about readings. Streams read as they are consumed and hold a connection until they are
 * closed: use them in a try statement. A meter that is not registered has no readings. Thread-safe.
 */
public final class Readings {
  private final Rooms rooms;

  Readings(Rooms rooms) {
    this.rooms = rooms;
  }

  /** What kind of values a channel holds. */
  public enum Kind {
    INTERVAL,
    REGISTER,
    MOMENTARY
  }

  /**
   * A channel of a meter.
   *
   * @param obis what is measured
   * @param kind which kind of values
   * @param unit in which unit
   * @param scaler value = raw * 10^scaler
   * @param interval a slot's length; zero for registers and momentary values
   * @param first the first slot's start or first reading
   * @param last the last slot's start or last reading
   */
  public record ChannelInfo(
      ObisCode obis,
      Kind kind,
      Unit unit,
      int scaler,
      Duration interval,
      Instant first,
      Instant last) {}

  /**
   * When and how a meter was last heard of.
   *
   * @param at by the office's clock
   * @param via which way
   */
  public record Contact(Instant at, ChannelId via) {}

  /** The channels of a meter that hold anything, by kind and OBIS code. */
  public List<ChannelInfo> channels(MeterId meter) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    List<ChannelInfo> infos = new ArrayList<>();
    for (Channels.Member m : members(Set.of(number)).getOrDefault(number, List.of())) {
      Channels.Row row = m.row();
      extent(meter, m)
          .ifPresent(e ->
              infos.add(
                  new ChannelInfo(
                      row.obis(),
                      Kind.values()[m.kind()],
                      row.unit(),
                      row.scaler(),
                      Duration.ofSeconds(row.intervalSeconds()),
                      e.first(),
                      e.last())));
    }
    return infos;
  }

  /**
   * How a meter's slots of a channel are told.
   *
   * @param scaler value = raw * 10^scaler
   */
  public record Scale(Unit unit, int scaler, Duration interval) {
    /** How one slot is told. */
    public static Scale of(Slot slot) {
      return new Scale(slot.value().unit(), slot.value().scaler(), slot.length());
    }
  }

  /**
   * How a meter's slots of a channel are told, without a look at them; the first, where it changed.
   */
  public Optional<Scale> scale(MeterId meter, ObisCode channel) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    return members(Set.of(number)).getOrDefault(number, List.of()).stream()
        .filter(m -> m.kind() == Channels.INTERVAL && m.row().obis().equals(channel))
        .map(Channels.Member::row)
        .map(r -> new Scale(r.unit(), r.scaler(), Duration.ofSeconds(r.intervalSeconds())))
        .findFirst();
  }

  /**
   * The slots of a channel that start in a range and hold a value, oldest first; slots that wait to
   * be folded among them.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public Stream<Slot> slots(
      MeterId meter, ObisCode channel, Layer layer, Instant from, Instant to) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    Set<Integer> channels = channels(Set.of(number), channel);
    if (channels.isEmpty() || !from.isBefore(to)) {
      return Stream.empty();
    }
    Stream<DayRow> rows = rows(Set.of(number), channels, layer, from, to);
    if (channels.size() == 1) {
      return rows.flatMap(row -> slots(row, from, to).stream());
    }
    // a channel that changed its scale or interval: days of both, put in order, the first stands
    TreeMap<Instant, Slot> all = new TreeMap<>();
    try (rows) {
      rows.forEach(
          row -> slots(row, from, to).forEach(slot -> all.putIfAbsent(slot.start(), slot)));
    }
    return all.values().stream();
  }

  /** Takes slots one after the other, without an object for each of them. */
  @FunctionalInterface
  public interface EachSlot {
    /**
     * Takes one.
     *
     * @param start when the interval began, in seconds since 1970
     * @param scale how its value is told
     * @param raw the value before scaling
     * @param quality see {@link Quality}
     */
    void take(long start, Scale scale, long raw, byte quality);
  }

  /** Hands over what {@link #slots} streams, in the same order: a month is thousands of them. */
  public void eachSlot(
      MeterId meter, ObisCode channel, Layer layer, Instant from, Instant to, EachSlot each) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    Set<Integer> channels = channels(Set.of(number), channel);
    if (channels.size() != 1) {
      try (Stream<Slot> slots = slots(meter, channel, layer, from, to)) {
        slots.forEachOrdered(slot ->
            each.take(
                slot.start().getEpochSecond(), Scale.of(slot), slot.value().raw(), slot.quality()));
      }
    } else if (from.isBefore(to)) {
      try (Stream<DayRow> rows = rows(Set.of(number), channels, layer, from, to)) {
        rows.forEachOrdered(row -> each(row, from, to, each));
      }
    }
  }

  private void each(DayRow row, Instant from, Instant to, EachSlot each) {
    Channels.Row channel = rooms.channels().byId(row.key().channel());
    Scale scale =
        new Scale(channel.unit(), channel.scaler(), Duration.ofSeconds(row.intervalSeconds()));
    long[] values = row.values();
    long start = row.start().getEpochSecond();
    long first = wholeSecond(from);
    long end = wholeSecond(to);
    for (int i = 0; i < values.length; i++, start += row.intervalSeconds()) {
      byte quality = row.qualityOf(i);
      if (quality != Quality.MISSING && start >= first && start < end) {
        each.take(start, scale, values[i], quality);
      }
    }
  }

  /** The first whole second that is not before an instant: slots begin at whole seconds. */
  private static long wholeSecond(Instant at) {
    return at.getNano() == 0 ? at.getEpochSecond() : at.getEpochSecond() + 1;
  }

  /** A meter's days that touch a range, by day and channel. */
  Stream<IntervalBlock> blocks(MeterId meter, Layer layer, Instant from, Instant to) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    Set<Integer> channels = new TreeSet<>();
    for (Channels.Member m : members(Set.of(number)).getOrDefault(number, List.of())) {
      if (m.kind() == Channels.INTERVAL) {
        channels.add(m.row().id());
      }
    }
    if (channels.isEmpty() || !from.isBefore(to)) {
      return Stream.empty();
    }
    return rows(Set.of(number), channels, layer, from, to)
        .filter(row -> row.start().isBefore(to) && end(row).isAfter(from))
        .map(this::block);
  }

  /** One civil day of a channel for many meters, a feeder's say; meters without it are left out. */
  public Stream<IntervalBlock> day(
      Collection<MeterId> meters, ObisCode channel, Layer layer, LocalDate day) {
    Set<Integer> numbers = new TreeSet<>();
    for (MeterId meter : meters) {
      rooms.dictionary().meter(meter).ifPresent(numbers::add);
    }
    Set<Integer> channels = channels(numbers, channel);
    if (channels.isEmpty()) {
      return Stream.empty();
    }
    return DayCursor.open(
            rooms, new DayCursor.Question(numbers, channels, layer, day, day), this::zone)
        .map(this::block);
  }

  /** The readings of a cumulative register in a range, captures among them, oldest first. */
  public Stream<Reading> registers(MeterId meter, ObisCode channel, Instant from, Instant to) {
    return narrow("register_reading", Channels.REGISTER, meter, channel, from, to);
  }

  /** The momentary values of a channel in a range, oldest first. */
  public Stream<Reading> momentary(MeterId meter, ObisCode channel, Instant from, Instant to) {
    return narrow("momentary", Channels.MOMENTARY, meter, channel, from, to);
  }

  /** The latest momentary value of each of a meter's channels. */
  public List<Reading> momentary(MeterId meter) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    List<Reading> latest = new ArrayList<>();
    for (Channels.Member m : members(Set.of(number)).getOrDefault(number, List.of())) {
      if (m.kind() == Channels.MOMENTARY) {
        rooms
            .transactions()
            .run(
                "reading momentary values",
                c -> {
                  try (var s =
                      c.prepareStatement(
                          "SELECT at, value, quality FROM momentary"
                              + " WHERE meter = ? AND channel = ? ORDER BY at DESC LIMIT 1")) {
                    s.setInt(1, number);
                    s.setInt(2, m.row().id());
                    try (var r = s.executeQuery()) {
                      if (r.next()) {
                        latest.add(reading(m.row(), at(r, 1), r.getLong(2), r.getInt(3)));
                      }
                    }
                  }
                  return m;
                });
      }
    }
    return latest;
  }

  /** When and how a meter was last heard of. */
  public Optional<Contact> lastContact(MeterId meter) {
    return Optional.ofNullable(lastContacts(List.of(meter)).get(meter));
  }

  /** The same for many meters at once; those never heard of are left out. */
  public Map<MeterId, Contact> lastContacts(Collection<MeterId> meters) {
    Map<Integer, MeterId> numbers = new LinkedHashMap<>();
    for (MeterId meter : meters) {
      rooms.dictionary().meter(meter).ifPresent(n -> numbers.put(n, meter));
    }
    return rooms
        .transactions()
        .run(
            "reading last contacts",
            c -> {
              Map<MeterId, Contact> contacts = new HashMap<>();
              try (var s =
                  c.prepareStatement(
                      "SELECT DISTINCT ON (w.meter) w.meter, w.contact, y.name, y.instance"
                          + " FROM replay_window w JOIN way y ON y.id = w.via"
                          + " WHERE w.meter = ANY (?) AND w.key_id <> '"
                          + ImportBook.KEY_ID
                          + "'::bytea ORDER BY w.meter, w.contact DESC")) {
                s.setArray(
                    1,
                    Sql.array(
                        c,
                        "int4",
                        numbers.keySet().stream().mapToInt(Integer::intValue).toArray()));
                try (var r = s.executeQuery()) {
                  while (r.next()) {
                    MeterId meter = numbers.get(r.getInt(1));
                    if (meter != null) {
                      contacts.put(
                          meter,
                          new Contact(at(r, 2), new ChannelId(r.getString(3), r.getString(4))));
                    }
                  }
                }
              }
              return contacts;
            });
  }

  /** How many meters were heard of at or after an instant. */
  public long heardSince(Instant since) {
    return rooms
        .transactions()
        .run(
            "counting meters heard",
            c -> {
              try (var s =
                  c.prepareStatement(
                      "SELECT count(DISTINCT meter) FROM replay_window WHERE contact >= ?"
                          + " AND key_id <> '"
                          + ImportBook.KEY_ID
                          + "'::bytea")) {
                s.setObject(1, bounded(since).atOffset(ZoneOffset.UTC));
                try (var r = s.executeQuery()) {
                  r.next();
                  return r.getLong(1);
                }
              }
            });
  }

  private record Extent(Instant first, Instant last) {}

  private Optional<Extent> extent(MeterId meter, Channels.Member m) {
    return switch (m.kind()) {
      case Channels.INTERVAL -> intervalExtent(meter, m);
      case Channels.REGISTER -> narrowExtent("register_reading", m);
      default -> narrowExtent("momentary", m);
    };
  }

  private Optional<Extent> narrowExtent(String table, Channels.Member m) {
    return rooms
        .transactions()
        .run(
            "reading channels",
            c -> {
              try (var s =
                  c.prepareStatement(
                      "SELECT min(at), max(at) FROM "
                          + table
                          + " WHERE meter = ? AND channel = ?")) {
                s.setInt(1, m.meter());
                s.setInt(2, m.row().id());
                try (var r = s.executeQuery()) {
                  r.next();
                  return r.getObject(1) == null
                      ? Optional.<Extent>empty()
                      : Optional.of(new Extent(at(r, 1), at(r, 2)));
                }
              }
            });
  }

  private Optional<Extent> intervalExtent(MeterId meter, Channels.Member m) {
    Optional<Extent> days =
        rooms
            .transactions()
            .run(
                "reading channels",
                c -> {
                  try (var s =
                      c.prepareStatement(
                          "SELECT least((SELECT min(day_start) FROM interval_block"
                              + " WHERE meter = ? AND channel = ?),"
                              + " (SELECT min(start) FROM landing WHERE meter = ? AND channel = ?)),"
                              + " greatest((SELECT max(day_start) FROM interval_block"
                              + " WHERE meter = ? AND channel = ?),"
                              + " (SELECT max(start) FROM landing"
                              + " WHERE meter = ? AND channel = ?))")) {
                    for (int i = 1; i < 9; i += 2) {
                      s.setInt(i, m.meter());
                      s.setInt(i + 1, m.row().id());
                    }
                    try (var r = s.executeQuery()) {
                      r.next();
                      return r.getObject(1) == null
                          ? Optional.<Extent>empty()
                          : Optional.of(new Extent(at(r, 1), at(r, 2)));
                    }
                  }
                });
    if (days.isEmpty()) {
      return days;
    }
    Instant first = edge(meter, m, days.get().first(), true);
    Instant last = edge(meter, m, days.get().last(), false);
    return Optional.of(new Extent(first, last));
  }

  /** The first or last slot with a value in the day that begins at, or holds, an instant. */
  private Instant edge(MeterId meter, Channels.Member m, Instant within, boolean first) {
    Layer layer = Layer.RAW;
    try (Stream<Slot> slots =
        rows(
                Set.of(m.meter()),
                Set.of(m.row().id()),
                layer,
                within,
                within.plus(Duration.ofHours(25)))
            .flatMap(row -> slots(row, Instant.MIN, Instant.MAX).stream())) {
      return slots.map(Slot::start).reduce((a, b) -> first == a.isBefore(b) ? a : b).orElse(within);
    }
  }

  private Stream<Reading> narrow(
      String table, int kind, MeterId meter, ObisCode channel, Instant from, Instant to) {
    int number = rooms.dictionary().meter(meter).orElse(-1);
    Map<Integer, Channels.Row> rows = new HashMap<>();
    for (Channels.Member m : members(Set.of(number)).getOrDefault(number, List.of())) {
      if (m.kind() == kind && m.row().obis().equals(channel)) {
        rows.put(m.row().id(), m.row());
      }
    }
    if (rows.isEmpty()) {
      return Stream.empty();
    }
    return RowStream.open(
        rooms.transactions().source(),
        c -> {
          var s =
              c.prepareStatement(
                  "SELECT DISTINCT ON (at, channel) at, channel, value, quality FROM "
                      + table
                      + " WHERE meter = ? AND channel = ANY (?) AND at >= ? AND at < ?"
                      + " ORDER BY at, channel, quality & 32");
          s.setInt(1, number);
          s.setArray(
              2,
              Sql.array(c, "int4", rows.keySet().stream().mapToInt(Integer::intValue).toArray()));
          s.setObject(3, bounded(from).atOffset(ZoneOffset.UTC));
          s.setObject(4, bounded(to).atOffset(ZoneOffset.UTC));
          return s;
        },
        r -> {
          Channels.Row row = rows.get(r.getInt(2));
          if (row == null) {
            throw new SQLException("a channel that was not asked for");
          }
          return reading(row, at(r, 1), r.getLong(3), r.getInt(4));
        });
  }

  private Stream<DayRow> rows(
      Set<Integer> meters, Set<Integer> channels, Layer layer, Instant from, Instant to) {
    // a civil day begins at most a day before or after the same date in UTC
    LocalDate first = LocalDate.ofInstant(bounded(from), ZoneOffset.UTC).minusDays(1);
    LocalDate last = LocalDate.ofInstant(bounded(to), ZoneOffset.UTC).plusDays(1);
    return DayCursor.open(
        rooms, new DayCursor.Question(meters, channels, layer, first, last), this::zone);
  }

  private List<Slot> slots(DayRow row, Instant from, Instant to) {
    ObisCode channel = rooms.channels().byId(row.key().channel()).obis();
    List<Slot> slots = new ArrayList<>(row.values().length);
    each(
        row,
        from,
        to,
        (start, scale, raw, quality) ->
            slots.add(
                new Slot(
                    channel,
                    Instant.ofEpochSecond(start),
                    scale.interval(),
                    new ScaledValue(raw, scale.scaler(), scale.unit()),
                    quality)));
    return slots;
  }

  private IntervalBlock block(DayRow row) {
    Channels.Row channel = rooms.channels().byId(row.key().channel());
    Day day =
        new Day(
            row.key().day(),
            zone(row.key().meter()),
            row.start(),
            Duration.ofSeconds(row.intervalSeconds()),
            row.values().length);
    return new IntervalBlock(
        rooms.dictionary().name(row.key().meter()),
        channel.obis(),
        row.key().layer(),
        day,
        channel.scaler(),
        channel.unit(),
        row.values(),
        row.quality());
  }

  private static Instant end(DayRow row) {
    return row.start().plusSeconds((long) row.intervalSeconds() * row.values().length);
  }

  private ZoneId zone(int meter) {
    return rooms
        .directory()
        .byId(rooms.dictionary().name(meter))
        .map(m -> m.zone())
        .orElse(ZoneOffset.UTC);
  }

  private Set<Integer> channels(Set<Integer> meters, ObisCode obis) {
    Set<Integer> channels = new TreeSet<>();
    members(meters)
        .values()
        .forEach(list -> {
          for (Channels.Member m : list) {
            if (m.kind() == Channels.INTERVAL && m.row().obis().equals(obis)) {
              channels.add(m.row().id());
            }
          }
        });
    return channels;
  }

  private Map<Integer, List<Channels.Member>> members(Set<Integer> meters) {
    rooms
        .transactions()
        .ask(
            "reading channels",
            (Connection c) -> {
              rooms.channels().learn(c, meters);
              return meters;
            });
    Map<Integer, List<Channels.Member>> found = new HashMap<>();
    for (int meter : meters) {
      found.put(meter, rooms.channels().of(meter));
    }
    return found;
  }

  private static Reading reading(Channels.Row row, Instant at, long value, int quality) {
    return new Reading(
        row.obis(), at, new ScaledValue(value, row.scaler(), row.unit()), (byte) quality);
  }

  private static Instant at(java.sql.ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static final Instant EARLIEST = Instant.parse("0001-01-03T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-01T00:00:00Z");

  private static Instant bounded(Instant at) {
    return at.isBefore(EARLIEST) ? EARLIEST : at.isAfter(LATEST) ? LATEST : at;
  }
}
