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
