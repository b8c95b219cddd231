package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Day;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;

/** One transaction of intake: judges its messages, gathers what they say, writes it set by set. */
final class IntakeBatch {
  /** So many slots of one day at once are a block; fewer wait in landing. */
  private static final int BLOCK_FROM = 8;

  private final Rooms rooms;
  private final List<Received> batch;
  private final Instant now;
  private final Outcome[] outcomes;
  private final ChannelChoice choice;
  private final Windows windows = new Windows();
  private final EvidenceWriter evidence = new EvidenceWriter();
  private final RegisterRows registers = new RegisterRows();
  private final List<DayRows.Arrival> days = new ArrayList<>();
  private final Map<DayRow.Key, List<Landing.Single>> singles = new LinkedHashMap<>();
  private final Map<DayRow.Key, Day> singleDays = new LinkedHashMap<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final Map<EventId, Told> tellers = new HashMap<>();
  private final Map<MeterId, Integer> refused = new LinkedHashMap<>();
  private final List<Received> waiting = new ArrayList<>();
  private List<MeterId> rekeyed = List.of();

  /** Which of the segment's bytes told an event. */
  private record Told(int offset, int length) {}

  IntakeBatch(Rooms rooms, List<Received> batch) {
    this.rooms = rooms;
    this.batch = batch;
    this.now = rooms.clock().instant();
    this.outcomes = new Outcome[batch.size()];
    this.choice = new ChannelChoice(rooms.channels());
  }

  /** Does all but the commit. */
  List<Outcome> write(Connection c) throws SQLException {
    judge(c);
    makePartitions();
    choice.write(c);
    windows.write(c);
    rekeyed = KeyBook.heard(c, windows.first(), now);
    long segment = EvidenceWriter.nextSegment(c);
    evidence.write(c, segment, now, windows);
    differences(c, registers.write(c));
    DayRows rows = new DayRows(false);
    List<Landing.Single> landing = sortSingles();
    rows.merge(c, days, true);
    rows.write(c);
    Landing.write(c, segment, landing);
    warnings.addAll(Revisions.warnings(rows.revised(), rooms.dictionary()::name, rooms.channels()));
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Events.write(
        c,
        rooms.dictionary(),
        warnings,
        id -> {
          Told told = tellers.get(id);
          return told == null
              ? RawPlace.NONE
              : new RawPlace(segment, day, told.offset(), told.length());
        });
    for (Map.Entry<MeterId, Integer> e : refused.entrySet()) {
      StoredAuditLog.append(
          c,
          now,
          new Actor(Actor.Kind.METER, e.getKey().value()),
          "replay.refused",
          ("messages=" + e.getValue()).getBytes(StandardCharsets.UTF_8));
    }
    if (!waiting.isEmpty()) {
      rooms.noteWaiting(c, waiting);
    }
    return List.of(outcomes);
  }

  /** The commit is done: what was learnt may be kept in memory. */
  void committed() {
    choice.committed();
    rekeyed.forEach(rooms.meters()::keysChanged);
  }

  private void judge(Connection c) throws SQLException {
    rooms.dictionary().learn(c, batch.stream().map(m -> m.id().meter()).toList());
    List<Integer> meters = new ArrayList<>();
    List<MessageId> ids = new ArrayList<>();
    List<Boolean> counted = new ArrayList<>();
    List<Integer> known = new ArrayList<>();
    List<ZoneId> zones = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      Received message = batch.get(i);
      MeterId id = message.id().meter();
      Optional<ZoneId> zone = rooms.directory().byId(id).map(m -> m.zone());
      Optional<Integer> number = zone.isPresent() ? rooms.dictionary().meter(id) : Optional.empty();
      if (zone.isEmpty() || number.isEmpty()) {
        waiting.add(message);
        outcomes[i] = new Outcome.Waiting();
      } else if (!aboutItself(message)) {
        outcomes[i] =
            new Outcome.Refused(
                new Fault(
                    Fault.Code.UNAUTHENTICATED,
                    "meter " + id,
                    "the message speaks of another meter than the one that sent it"));
      } else {
        known.add(i);
        zones.add(zone.get());
        meters.add(number.get());
        ids.add(message.id());
        counted.add(Windows.counted(message));
      }
    }
    if (known.isEmpty()) {
      return;
    }
    windows.load(c, meters, ids, counted);
    rooms.channels().learn(c, meters);
    for (int k = 0; k < known.size(); k++) {
      int i = known.get(k);
      Received message = batch.get(i);
      int meter = meters.get(k);
      boolean count = counted.get(k);
      int via = rooms.dictionary().way(message.via());
      switch (windows.verdict(meter, message.id(), count, message.at(), via)) {
        case SAME -> outcomes[i] = new Outcome.Duplicate();
        case REPLAY -> {
          refused.merge(message.id().meter(), 1, Integer::sum);
          outcomes[i] =
              new Outcome.Refused(
                  new Fault(
                      Fault.Code.REPLAYED,
                      "meter " + message.id().meter(),
                      "counter "
                          + Long.toUnsignedString(message.id().counter())
                          + " was used before; if the meter lost its counter, give it a new key"));
        }
        case NEW -> {
          Told told =
              new Told(
                  evidence.add(meter, message.id(), count, message.raw()), message.raw().length);
          for (Message content : message.content()) {
            gather(meter, zones.get(k), content);
            if (content instanceof Warning warning) {
              tellers.putIfAbsent(warning.id(), told);
            }
          }
          outcomes[i] = new Outcome.Stored();
        }
      }
    }
  }

  private static boolean aboutItself(Received message) {
    for (Message content : message.content()) {
      if (!content.meter().equals(message.id().meter())) {
        return false;
      }
    }
    return true;
  }

  private void gather(int meter, ZoneId zone, Message content) {
    switch (content) {
      case Usage usage -> {
        usage.momentary().forEach(r -> momentary(meter, r));
        usage.slots().forEach(s -> slot(meter, zone, s));
        usage.blocks().forEach(b -> block(meter, b));
        usage.captures().forEach(k -> capture(meter, k));
      }
      case Billing billing -> billing.registers().forEach(r -> register(meter, r));
      case Warning warning -> warnings.add(warning);
      // a meter neither orders nor asks: kept as evidence, and nothing follows from it
      case org.gridwarden.core.Control control -> {}
      case org.gridwarden.core.Request request -> {}
    }
  }

  private void momentary(int meter, Reading r) {
    if (r.quality() != Quality.MISSING) {
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
    if (r.quality() != Quality.MISSING) {
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
      registers.register(
          new RegisterRows.Key(meter, placed.row().id(), seconds(k.length()), k.at()),
          new RegisterRows.Value(placed.value(), k.quality(), k.slotChannel().packed(), modulus));
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
    DayRow.Key key = new DayRow.Key(meter, row.id(), Layer.RAW, date);
    singleDays.computeIfAbsent(
        key, k -> rooms.calendar().day(date, zone, Duration.ofSeconds(row.intervalSeconds())));
    singles
        .computeIfAbsent(key, k -> new ArrayList<>(1))
        .add(new Landing.Single(meter, row.id(), start, value, quality));
  }

  private void block(int meter, IntervalBlock b) {
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

  private void differences(Connection c, List<RegisterRows.Key> captures) throws SQLException {
    List<Differences.Made> made =
        Differences.of(c, captures, rooms.dictionary()::name, rooms.channels(), warnings);
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

  private void makePartitions() {
    Partitions partitions = rooms.partitions();
    partitions.ensure(Partitions.SEGMENTS, now);
    partitions.ensure(Partitions.EVIDENCE, now);
    days.forEach(d -> partitions.ensure(Partitions.BLOCKS, d.key().day()));
    singles.keySet().forEach(k -> partitions.ensure(Partitions.BLOCKS, k.day()));
    registers.registerKeys().forEach(k -> partitions.ensure(Partitions.REGISTERS, k.at()));
    registers.momentaryKeys().forEach(k -> partitions.ensure(Partitions.MOMENTARY, k.at()));
  }

  private static int seconds(Duration length) {
    long seconds = length.toSeconds();
    if (seconds < 1 || seconds > 86_400 || length.getNano() != 0) {
      throw new IllegalArgumentException("an interval is 1 s to a day, not " + length);
    }
    return (int) seconds;
  }
}
