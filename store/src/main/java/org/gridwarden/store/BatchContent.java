package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;

/**
 * What a batch's messages say, gathered and then written set by set. Within a transaction of one
 * thread.
 */
final class BatchContent {
  /** So many slots of one day at once are a block; fewer wait in landing. */
  private static final int BLOCK_FROM = 8;

  /** Which readings are taken: all of them, or those that a torn table has lost. */
  interface Scope {
    /** Takes all. */
    Scope ALL =
        new Scope() {
          @Override
          public boolean days(LocalDate day) {
            return true;
          }

          @Override
          public boolean registers(Instant at) {
            return true;
          }

          @Override
          public boolean momentary(Instant at) {
            return true;
          }
        };

    /** Slots and blocks of a civil day. */
    boolean days(LocalDate day);

    /** Registers and captures of an instant. */
    boolean registers(Instant at);

    /** Momentary values of an instant. */
    boolean momentary(Instant at);
  }

  private final Rooms rooms;
  private final Scope scope;
  private final ChannelChoice choice;
  private final RegisterRows registers = new RegisterRows();
  private final List<RegisterRows.Key> captures = new ArrayList<>();
  private final List<DayRows.Arrival> days = new ArrayList<>();
  private final Map<DayRow.Key, List<Landing.Single>> singles = new LinkedHashMap<>();
  private final Map<DayRow.Key, Day> singleDays = new LinkedHashMap<>();
  private final SignedDays signed = new SignedDays();
  private final List<Warning> warnings = new ArrayList<>();

  BatchContent(Rooms rooms, Scope scope) {
    this.rooms = rooms;
    this.scope = scope;
    this.choice = new ChannelChoice(rooms.channels());
  }

  /** What was told, and what follows from the values once they are written. */
  List<Warning> warnings() {
    return warnings;
  }

  /** The commit is done: what was learnt may be kept in memory. */
  void committed() {
    choice.committed();
  }

  /** Takes what a message says. */
  void gather(int meter, ZoneId zone, Message content) {
    switch (content) {
      case Usage usage -> {
        usage.momentary().forEach(r -> momentary(meter, r));
        usage.slots().forEach(s -> slot(meter, zone, s));
        usage.blocks().forEach(b -> block(meter, b));
        usage.captures().forEach(k -> capture(meter, k));
      }
      case Billing billing -> {
        billing.registers().forEach(r -> register(meter, r));
        billing.days().forEach(d -> signed.gather(meter, billing.meter(), zone, d));
      }
      case Warning warning -> warnings.add(warning);
      // a meter neither orders nor asks: kept as evidence, and nothing follows from it
      case org.gridwarden.core.Control control -> {}
      case org.gridwarden.core.Request request -> {}
    }
  }

  private void momentary(int meter, Reading r) {
    if (r.quality() != Quality.MISSING && scope.momentary(r.at())) {
      var placed =
          choice.one(
              meter,
              Channels.MOMENTARY,
              r.channel(),
              0,
              r.value().unit(),
              r.value().scaler(),
              r.value().raw());
      registers.momentary(
          new RegisterRows.Key(meter, placed.row().id(), 0, r.at()),
          new RegisterRows.Value(placed.value(), r.quality(), -1, 0));
    }
  }

  private void register(int meter, Reading r) {
    if (r.quality() != Quality.MISSING && scope.registers(r.at())) {
      var placed =
          choice.one(
              meter,
              Channels.REGISTER,
              r.channel(),
              0,
              r.value().unit(),
              r.value().scaler(),
              r.value().raw());
      registers.register(
          new RegisterRows.Key(meter, placed.row().id(), 0, r.at()),
          new RegisterRows.Value(placed.value(), r.quality(), -1, 0));
    }
  }

  private void capture(int meter, Capture k) {
    if (k.quality() != Quality.MISSING) {
      var placed =
          choice.one(
              meter,
              Channels.REGISTER,
              k.channel(),
              0,
              k.value().unit(),
              k.value().scaler(),
              k.value().raw());
      // the modulus is in the units the meter sent: it follows its value's scaling
      long modulus = k.modulus();
      if (modulus > 0 && placed.row().scaler() != k.value().scaler()) {
        long[] scaled =
            ChannelChoice.rescale(
                new long[] {modulus}, new byte[0], k.value().scaler() - placed.row().scaler());
        modulus = scaled.length == 0 ? 0 : scaled[0];
      }
      RegisterRows.Key key =
          new RegisterRows.Key(meter, placed.row().id(), seconds(k.length()), k.at());
      captures.add(key);
      if (scope.registers(k.at())) {
        registers.register(
            key,
            new RegisterRows.Value(placed.value(), k.quality(), k.slotChannel().packed(), modulus));
      }
    }
  }

  private void slot(int meter, ZoneId zone, Slot s) {
    if (s.quality() != Quality.MISSING) {
      var placed =
          choice.one(
              meter,
              Channels.INTERVAL,
              s.channel(),
              seconds(s.length()),
              s.value().unit(),
              s.value().scaler(),
              s.value().raw());
      single(meter, zone, placed.row(), s.start(), placed.value(), s.quality());
    }
  }

  private void single(
      int meter, ZoneId zone, Channels.Row row, Instant start, long value, byte quality) {
    LocalDate date = LocalDate.ofInstant(start, zone);
    if (!scope.days(date)) {
      return;
    }
    DayRow.Key key = new DayRow.Key(meter, row.id(), Layer.RAW, date);
    singleDays.computeIfAbsent(
        key, k -> rooms.calendar().day(date, zone, Duration.ofSeconds(row.intervalSeconds())));
    singles
        .computeIfAbsent(key, k -> new ArrayList<>(1))
        .add(new Landing.Single(meter, row.id(), start, value, quality));
  }

  private void block(int meter, IntervalBlock b) {
    if (!scope.days(b.day().date())) {
      return;
    }
    int seconds = seconds(b.day().slot());
    var placed =
        choice.many(
            meter,
            Channels.INTERVAL,
            b.channel(),
            seconds,
            b.unit(),
            b.scaler(),
            b.values(),
            b.quality());
    days.add(
        new DayRows.Arrival(
            new DayRow.Key(meter, placed.row().id(), b.layer(), b.day().date()),
            b.day().start(),
            seconds,
            placed.values(),
            b.quality()));
  }

  /** Makes the months that it falls in; before anything of it is written. */
  void makePartitions() {
    Partitions partitions = rooms.partitions();
    days.forEach(d -> partitions.ensure(Partitions.BLOCKS, d.key().day()));
    singles.keySet().forEach(k -> partitions.ensure(Partitions.BLOCKS, k.day()));
    registers.registerKeys().forEach(k -> partitions.ensure(Partitions.REGISTERS, k.at()));
    registers.momentaryKeys().forEach(k -> partitions.ensure(Partitions.MOMENTARY, k.at()));
  }

  /** Writes which channels meters have; before the values. */
  void writeChannels(Connection c) throws SQLException {
    choice.write(c);
  }

  /**
   * Writes the values.
   *
   * @param segment where their messages lie: it orders single slots
   */
  void write(Connection c, long segment) throws SQLException {
    write(c, segment, registers.write(c));
  }

  /** Writes them again: slots of captures too that stand already. */
  void writeAgain(Connection c, long segment) throws SQLException {
    registers.write(c);
    write(c, segment, captures);
  }

  private void write(Connection c, long segment, List<RegisterRows.Key> ends) throws SQLException {
    differences(c, ends);
    DayRows rows = new DayRows(false);
    List<Landing.Single> landing = sortSingles();
    rows.merge(c, days, true);
    rows.write(c);
    Landing.write(c, segment, landing);
    warnings.addAll(Revisions.warnings(rows.revised(), rooms.dictionary()::name, rooms.channels()));
    warnings.addAll(signed.write(c, rooms.channels(), rooms.clock().instant()));
  }

  private void differences(Connection c, List<RegisterRows.Key> ends) throws SQLException {
    List<Differences.Made> made =
        Differences.of(c, ends, rooms.dictionary()::name, rooms.channels(), warnings);
    if (made.isEmpty()) {
      return;
    }
    for (Differences.Made m : made) {
      Channels.Row register = rooms.channels().byId(m.registerChannel());
      var placed =
          choice.one(
              m.meter(),
              Channels.INTERVAL,
              m.slotChannel(),
              m.lengthSeconds(),
              register.unit(),
              register.scaler(),
              m.value());
      ZoneId zone =
          rooms
              .directory()
              .byId(rooms.dictionary().name(m.meter()))
              .map(meter -> meter.zone())
              .orElse(ZoneOffset.UTC);
      single(m.meter(), zone, placed.row(), m.start(), placed.value(), m.quality());
    }
    // no block has been touched yet: that comes after the captures
    singles.keySet().forEach(k -> rooms.partitions().ensure(Partitions.BLOCKS, k.day()));
    choice.write(c);
  }

  /** Days of which many slots came become blocks; the rest is for landing. */
  private List<Landing.Single> sortSingles() {
    List<Landing.Single> landing = new ArrayList<>();
    singles.forEach((key, slots) -> {
      if (slots.size() < BLOCK_FROM) {
        landing.addAll(slots);
        return;
      }
      Day day = singleDays.get(key);
      if (day == null) {
        throw new IllegalStateException("a day without its calendar");
      }
      int seconds = Math.toIntExact(day.slot().toSeconds());
      DayRow row = DayRow.empty(key, day.start(), seconds, day.slots());
      List<Landing.Single> apart = new ArrayList<>();
      for (Landing.Single s : slots) {
        int i = day.indexOf(s.start());
        if (i >= 0 && row.qualityOf(i) == Quality.MISSING) {
          row.merge(s.start(), s.value(), s.quality());
        } else {
          apart.add(s);
        }
      }
      days.add(new DayRows.Arrival(key, day.start(), seconds, row.values(), row.quality()));
      landing.addAll(apart);
    });
    return landing;
  }

  private static int seconds(Duration length) {
    long seconds = length.toSeconds();
    if (seconds < 1 || seconds > 86_400 || length.getNano() != 0) {
      throw new IllegalArgumentException("an interval is 1 s to a day, not " + length);
    }
    return (int) seconds;
  }
}
