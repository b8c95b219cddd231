package org.gridwarden.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.gridwarden.core.MeterId;

/** Raw messages as they arrived, from which every stored value can be made again. Thread-safe. */
public final class Evidence {
  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Duration retention;
  private final InstantSource clock;

  Evidence(
      Transactions transactions, Dictionary dictionary, Duration retention, InstantSource clock) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * A raw message.
   *
   * @param received when its batch was stored, by the office's clock
   * @param counter its invocation counter, unsigned; the digest's first 8 bytes where it had none
   * @param bytes as they arrived
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Raw(Instant received, long counter, byte[] bytes) {}

  /**
   * A raw message of a segment.
   *
   * @param meter who sent it
   * @param counter its invocation counter, unsigned; the digest's first 8 bytes where it had none
   * @param bytes as they arrived
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Message(MeterId meter, long counter, byte[] bytes) {}

  /** Told of each segment in turn. */
  public interface Visitor {
    /**
     * A segment's messages in the order in which they came.
     *
     * @param received when their batch was stored, by the office's clock
     */
    void segment(long id, Instant received, List<Message> messages);

    /** A segment is gone or damaged: what it held cannot be read. */
    void damaged(long id, List<MeterId> meters, String why);
  }

  private record Place(long segment, long counter, int offset, int length) {}

  /**
   * A meter's messages of a day of receipt (UTC), in the order of arrival.
   *
   * @throws StoreException where a segment is damaged
   */
  public List<Raw> of(MeterId meter, LocalDate day) {
    int number = dictionary.meter(meter).orElse(-1);
    return transactions.run(
        "reading evidence",
        c -> {
          List<Place> places = new ArrayList<>();
          try (var s =
              c.prepareStatement(
                  "SELECT segment, counter, place, length FROM evidence"
                      + " WHERE meter = ? AND day = ? AND segment > 0 ORDER BY segment, place")) {
            s.setInt(1, number);
            s.setObject(2, day);
            try (var r = s.executeQuery()) {
              while (r.next()) {
                places.add(new Place(r.getLong(1), r.getLong(2), r.getInt(3), r.getInt(4)));
              }
            }
          }
          List<Raw> found = new ArrayList<>(places.size());
          long segment = -1;
          byte[] bytes = new byte[0];
          Instant at = Instant.EPOCH;
          for (Place p : places) {
            if (p.segment() != segment) {
              try (var s =
                  c.prepareStatement(
                      "SELECT at, size, compressed FROM evidence_segment"
                          + " WHERE id = ? AND day = ?")) {
                s.setLong(1, p.segment());
                s.setObject(2, day);
                try (var r = s.executeQuery()) {
                  if (!r.next()) {
                    throw StoreException.at("evidence segment " + p.segment(), "is gone");
                  }
                  at = r.getObject(1, java.time.OffsetDateTime.class).toInstant();
                  bytes = inflate(p.segment(), r.getBytes(3), r.getInt(2));
                }
              }
              segment = p.segment();
            }
            found.add(
                new Raw(
                    at,
                    p.counter(),
                    Arrays.copyOfRange(bytes, p.offset(), p.offset() + p.length())));
          }
          return found;
        });
  }

  /** How many messages were received from a day (UTC) on. */
  public long count(LocalDate from) {
    return transactions.run(
        "counting evidence",
        c -> {
          try (var s =
              c.prepareStatement("SELECT count(*) FROM evidence WHERE day >= ? AND segment > 0")) {
            s.setObject(1, from);
            try (var r = s.executeQuery()) {
              r.next();
              return r.getLong(1);
            }
          }
        });
  }

  /**
   * Goes through all messages that were received from a day (UTC) on, in the order in which they
   * came.
   *
   * @throws StoreException where the index of messages is damaged
   */
  public void walk(LocalDate from, Visitor visitor) {
    walk(from, LocalDate.of(9999, 12, 31), visitor);
  }

  /** The same up to a day, which is the last one. */
  public void walk(LocalDate from, LocalDate last, Visitor visitor) {
    transactions.run(
        "reading evidence",
        c -> {
          try (var s =
              c.prepareStatement(
                  "SELECT segment, day, meter, place, length, counter FROM evidence"
                      + " WHERE day BETWEEN ? AND ? AND segment > 0 ORDER BY segment, place")) {
            s.setObject(1, from);
            s.setObject(2, last);
            s.setFetchSize(10_000);
            try (var r = s.executeQuery()) {
              List<Place> places = new ArrayList<>();
              List<MeterId> meters = new ArrayList<>();
              LocalDate day = from;
              while (r.next()) {
                if (!places.isEmpty() && places.getLast().segment() != r.getLong(1)) {
                  visit(day, places, meters, visitor);
                  places = new ArrayList<>();
                  meters = new ArrayList<>();
                }
                day = r.getObject(2, LocalDate.class);
                places.add(new Place(r.getLong(1), r.getLong(6), r.getInt(4), r.getInt(5)));
                meters.add(dictionary.name(r.getInt(3)));
              }
              if (!places.isEmpty()) {
                visit(day, places, meters, visitor);
              }
            }
          }
          return visitor;
        });
  }

  /** In a transaction of its own: a torn segment must not end the walk. */
  private void visit(LocalDate day, List<Place> places, List<MeterId> meters, Visitor visitor) {
    long id = places.getFirst().segment();
    Instant[] received = new Instant[1];
    byte[] all;
    try {
      all =
          transactions.run(
              "reading evidence",
              c -> {
                try (var s =
                    c.prepareStatement(
                        "SELECT at, size, compressed FROM evidence_segment"
                            + " WHERE id = ? AND day = ?")) {
                  s.setLong(1, id);
                  s.setObject(2, day);
                  try (var r = s.executeQuery()) {
                    if (!r.next()) {
                      throw StoreException.at("evidence segment " + id, "is gone");
                    }
                    received[0] = r.getObject(1, java.time.OffsetDateTime.class).toInstant();
                    return inflate(id, r.getBytes(3), r.getInt(2));
                  }
                }
              });
    } catch (StoreException e) {
      visitor.damaged(id, List.copyOf(new java.util.TreeSet<>(meters)), e.fault().remedy());
      return;
    }
    List<Message> messages = new ArrayList<>(places.size());
    for (int i = 0; i < places.size(); i++) {
      Place p = places.get(i);
      messages.add(
          new Message(
              meters.get(i),
              p.counter(),
              Arrays.copyOfRange(all, p.offset(), p.offset() + p.length())));
    }
    visitor.segment(id, received[0], messages);
  }

  /**
   * One message by its place; empty where its month was dropped.
   *
   * @throws StoreException where the segment is damaged
   */
  public Optional<byte[]> at(RawPlace place) {
    return transactions.run(
        "reading evidence",
        c -> {
          try (var s =
              c.prepareStatement(
                  "SELECT size, compressed FROM evidence_segment WHERE id = ? AND day = ?")) {
            s.setLong(1, place.segment());
            s.setObject(2, place.day());
            try (var r = s.executeQuery()) {
              if (!r.next()) {
                return Optional.empty();
              }
              byte[] bytes = inflate(place.segment(), r.getBytes(2), r.getInt(1));
              return Optional.of(
                  Arrays.copyOfRange(bytes, place.offset(), place.offset() + place.length()));
            }
          }
        });
  }

  /**
   * Drops the months that lie wholly beyond the retention.
   *
   * @return how many partitions went
   */
  public int retain() {
    LocalDate keepFrom = LocalDate.ofInstant(clock.instant().minus(retention), ZoneOffset.UTC);
    return transactions.run(
        "dropping old evidence",
        c -> {
          List<String> old = new ArrayList<>();
          try (var s =
              c.prepareStatement(
                  "SELECT i.inhrelid::regclass::text FROM pg_inherits i"
                      + " WHERE i.inhparent IN ('evidence'::regclass,"
                      + " 'evidence_segment'::regclass)")) {
            try (var r = s.executeQuery()) {
              while (r.next()) {
                String name = r.getString(1);
                YearMonth month =
                    YearMonth.parse(name.substring(name.length() - 7).replace('_', '-'));
                if (month.plusMonths(1).atDay(1).compareTo(keepFrom) <= 0) {
                  old.add(name);
                }
              }
            }
          }
          for (String name : old) {
            try (var s = c.createStatement()) {
              s.execute("DROP TABLE " + name);
            }
          }
          return old.size();
        });
  }

  static byte[] inflate(long segment, byte[] compressed, int size) throws SQLException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      byte[] bytes = new byte[size];
      int got = 0;
      while (got < size && !inflater.finished()) {
        int n = inflater.inflate(bytes, got, size - got);
        if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        got += n;
      }
      if (got != size) {
        throw StoreException.at("evidence segment " + segment, "is damaged; restore a backup");
      }
      return bytes;
    } catch (DataFormatException e) {
      throw StoreException.at("evidence segment " + segment, "is damaged; restore a backup", e);
    } finally {
      inflater.end();
    }
  }
}
