package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
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
import org.gridwarden.core.EventId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Warning;

/** One transaction of intake: judges its messages, gathers what they say, writes it set by set. */
final class IntakeBatch {
  private final Rooms rooms;
  private final List<Received> batch;
  private final Instant now;
  private final Outcome[] outcomes;
  private final BatchContent content;
  private final Windows windows = new Windows();
  private final EvidenceWriter evidence = new EvidenceWriter();
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
    this.content = new BatchContent(rooms, BatchContent.Scope.ALL);
  }

  /** Does all but the commit. */
  List<Outcome> write(Connection c) throws SQLException {
    judge(c);
    rooms.partitions().ensure(Partitions.SEGMENTS, now);
    rooms.partitions().ensure(Partitions.EVIDENCE, now);
    content.makePartitions();
    content.writeChannels(c);
    windows.write(c);
    rekeyed = KeyBook.heard(c, windows.first(), now);
    long segment = EvidenceWriter.nextSegment(c);
    evidence.write(c, segment, now, windows);
    content.write(c, segment);
    LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
    Events.write(
        c,
        rooms.dictionary(),
        content.warnings(),
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
    content.committed();
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
          for (Message said : message.content()) {
            content.gather(meter, zones.get(k), said);
            if (said instanceof Warning warning) {
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
}
