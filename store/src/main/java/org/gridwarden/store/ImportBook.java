package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;

/** The files of readings that people took in: who, when, what became of it. Thread-safe. */
public final class ImportBook {
  /** Under which key id their messages stand, so that they are no sign of life of a meter. */
  public static final String KEY_ID = "import";

  private static final String COLUMNS =
      "SELECT id, at, finished, state, kind, by, file, form, sha256, settings, meters, intervals,"
          + " first, last, messages, duplicates, refused, note FROM import_run";

  private final Transactions transactions;
  private final InstantSource clock;

  ImportBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * What is known of a file before any of it is stored.
   *
   * @param sha256 hexadecimal digits
   */
  public record Begun(
      String file,
      String form,
      String sha256,
      String settings,
      int meters,
      long intervals,
      Instant first,
      Instant last) {}

  /** What became of a file's messages. */
  public record Outcome(int messages, int duplicates, int refused, String note) {}

  /** The import of these bytes, read this way; empty where there is none. */
  public Optional<StoredImport> find(String sha256, String settings) {
    return transactions.run(
        "looking an import up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + " WHERE sha256 = ? AND settings = ?")) {
            s.setBytes(1, HexFormat.of().parseHex(sha256));
            s.setString(2, settings);
            return read(s).stream().findFirst();
          }
        });
  }

  /** One by its number. */
  public Optional<StoredImport> find(long id) {
    return transactions.run("looking an import up", c -> one(c, id));
  }

  /** The newest first. */
  public List<StoredImport> newest(int most) {
    return transactions.run(
        "listing imports",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + " ORDER BY id DESC LIMIT ?")) {
            s.setInt(1, most);
            return read(s);
          }
        });
  }

  /**
   * Begins one, or takes up one that was cut off or failed.
   *
   * @return its number; empty where somebody finished the same meanwhile
   */
  public Optional<Long> begin(Begun begun, Actor by) {
    return transactions.run(
        "beginning an import",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO import_run AS r (at, state, kind, by, file, form, sha256, settings,"
                      + " meters, intervals, first, last)"
                      + " VALUES (?, 'TAKING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                      + " ON CONFLICT (sha256, settings) DO UPDATE SET at = excluded.at,"
                      + " state = 'TAKING', kind = excluded.kind, by = excluded.by"
                      + " WHERE r.state <> 'DONE' RETURNING id")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, by.kind().name());
            s.setString(3, by.name());
            s.setString(4, begun.file());
            s.setString(5, begun.form());
            s.setBytes(6, HexFormat.of().parseHex(begun.sha256()));
            s.setString(7, begun.settings());
            s.setInt(8, begun.meters());
            s.setLong(9, begun.intervals());
            s.setObject(10, begun.first().atOffset(ZoneOffset.UTC));
            s.setObject(11, begun.last().atOffset(ZoneOffset.UTC));
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(r.getLong(1)) : Optional.<Long>empty();
            }
          }
        });
  }

  /** Ends one, and writes it into the audit log. */
  public StoredImport finish(long id, Outcome outcome, Actor by) {
    return transactions.run(
        "finishing an import",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE import_run SET finished = ?, state = ?, messages = ?, duplicates = ?,"
                      + " refused = ?, note = ? WHERE id = ?")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, outcome.refused() == 0 ? "DONE" : "FAILED");
            s.setInt(3, outcome.messages());
            s.setInt(4, outcome.duplicates());
            s.setInt(5, outcome.refused());
            s.setString(6, outcome.note());
            s.setLong(7, id);
            s.executeUpdate();
          }
          StoredImport done =
              one(c, id).orElseThrow(() -> new SQLException("import " + id + " is gone"));
          String detail =
              "import %d, %s, sha256 %s, %d meters, %d intervals, %s"
                  .formatted(
                      id,
                      done.form(),
                      done.sha256(),
                      done.meters(),
                      done.intervals(),
                      done.state());
          StoredAuditLog.append(
              c, clock.instant(), by, "readings.imported", detail.getBytes(StandardCharsets.UTF_8));
          return done;
        });
  }

  private static Optional<StoredImport> one(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE id = ?")) {
      s.setLong(1, id);
      return read(s).stream().findFirst();
    }
  }

  private static List<StoredImport> read(PreparedStatement s) throws SQLException {
    List<StoredImport> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        OffsetDateTime finished = r.getObject(3, OffsetDateTime.class);
        found.add(
            new StoredImport(
                r.getLong(1),
                r.getObject(2, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(finished).map(OffsetDateTime::toInstant),
                StoredImport.State.valueOf(r.getString(4)),
                new Actor(Actor.Kind.valueOf(r.getString(5)), r.getString(6)),
                r.getString(7),
                r.getString(8),
                HexFormat.of().formatHex(r.getBytes(9)),
                r.getString(10),
                r.getInt(11),
                r.getLong(12),
                r.getObject(13, OffsetDateTime.class).toInstant(),
                r.getObject(14, OffsetDateTime.class).toInstant(),
                r.getInt(15),
                r.getInt(16),
                r.getInt(17),
                r.getString(18)));
      }
    }
    return found;
  }
}
