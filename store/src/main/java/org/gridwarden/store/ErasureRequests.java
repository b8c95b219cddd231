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
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;

/**
 * Who asks for what to be erased, and who else decided so. Each step is in the audit log, in its
 * transaction; whom it is about is not. Thread-safe.
 */
public final class ErasureRequests {
  private static final String COLUMNS =
      "SELECT id, kind, whom, since, until, reason, asked, asked_by, state, decided, decided_by FROM"
          + " erasure_request";

  private final Transactions transactions;
  private final InstantSource clock;

  ErasureRequests(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** How far a request has come. */
  public enum State {
    OPEN,
    /** Somebody else approved it, and it is being done. */
    APPROVED,
    DONE,
    REFUSED
  }

  /** What is erased. */
  public enum Kind {
    /** The name of a user who was removed. */
    USER,
    /** Who held an account that is supplied no more. */
    ACCOUNT,
    /** A consumer's time at a meter. */
    TERM
  }

  /**
   * A request.
   *
   * @param whom the user, the account or the meter; empty once it is done
   * @param since of a term, its first instant
   * @param until of a term, the instant after its last
   * @param decidedBy empty while it is open
   */
  public record Request(
      long id,
      Kind kind,
      String whom,
      Optional<Instant> since,
      Optional<Instant> until,
      String reason,
      Instant asked,
      String askedBy,
      State state,
      Optional<Instant> decided,
      String decidedBy) {}

  /** Asks; its number. */
  public long ask(
      Kind kind,
      String whom,
      Optional<Instant> since,
      Optional<Instant> until,
      String reason,
      Actor by) {
    return transactions.run(
        "keeping a request for erasure",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO erasure_request (asked, since, until, kind, whom, asked_by, reason)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
            s.setObject(1, utc(clock.instant()));
            s.setObject(2, since.map(ErasureRequests::utc).orElse(null));
            s.setObject(3, until.map(ErasureRequests::utc).orElse(null));
            s.setString(4, word(kind));
            s.setString(5, whom);
            s.setString(6, by.name());
            s.setString(7, reason);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              long id = r.getLong(1);
              audit(c, by, "erasure.asked", "request " + id + " of a " + word(kind));
              return id;
            }
          }
        });
  }

  /** The newest first, those that wait before all others. */
  public List<Request> list(int most) {
    return transactions.run(
        "listing requests for erasure",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS + " ORDER BY state IN ('open', 'approved') DESC, id DESC LIMIT ?")) {
            s.setInt(1, most);
            return read(s);
          }
        });
  }

  /**
   * Another person approves a request; who did so before and was cut off may do so again.
   *
   * @throws StoreException FORBIDDEN to who asked, CONFLICT where it was decided
   */
  public Request approve(long id, Actor by) {
    return transactions.run(
        "approving an erasure",
        c -> {
          Request request = held(c, id);
          if (request.askedBy().equalsIgnoreCase(by.name())) {
            throw StoreException.at(
                Fault.Code.FORBIDDEN,
                "request " + id,
                "who asks for an erasure does not approve it: another security administrator does");
          }
          decide(c, id, State.APPROVED, by);
          audit(c, by, "erasure.approved", "request " + id);
          return request;
        });
  }

  /** It is done: whom it was about is forgotten here, too. */
  public void done(long id) {
    transactions.run(
        "closing a request for erasure",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE erasure_request SET state = 'done', whom = '', since = NULL, until = NULL"
                      + " WHERE id = ?")) {
            s.setLong(1, id);
            return s.executeUpdate();
          }
        });
  }

  /** It could not be done: it waits again. */
  public void reopen(long id) {
    transactions.run(
        "reopening a request for erasure",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE erasure_request SET state = 'open', decided = NULL, decided_by = ''"
                      + " WHERE id = ? AND state = 'approved'")) {
            s.setLong(1, id);
            return s.executeUpdate();
          }
        });
  }

  /** A person refuses it, or who asked takes it back. */
  public void refuse(long id, Actor by) {
    transactions.run(
        "refusing an erasure",
        c -> {
          var _ = held(c, id);
          decide(c, id, State.REFUSED, by);
          audit(c, by, "erasure.refused", "request " + id);
          return id;
        });
  }

  private Request held(Connection c, long id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE id = ? FOR UPDATE")) {
      s.setLong(1, id);
      List<Request> found = read(s);
      if (found.isEmpty()) {
        throw StoreException.at(Fault.Code.CONFLICT, "request " + id, "there is no such request");
      }
      Request request = found.getFirst();
      if (request.state() != State.OPEN && request.state() != State.APPROVED) {
        throw StoreException.at(
            Fault.Code.CONFLICT,
            "request " + id,
            "it was decided by " + request.decidedBy() + ": " + word(request.state()));
      }
      return request;
    }
  }

  private void decide(Connection c, long id, State state, Actor by) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE erasure_request SET state = ?, decided = ?, decided_by = ? WHERE id = ?")) {
      s.setString(1, word(state));
      s.setObject(2, utc(clock.instant()));
      s.setString(3, by.name());
      s.setLong(4, id);
      s.executeUpdate();
    }
  }

  private void audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Request> read(PreparedStatement s) throws SQLException {
    List<Request> all = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        all.add(
            new Request(
                r.getLong(1),
                Kind.valueOf(r.getString(2).toUpperCase(java.util.Locale.ROOT)),
                r.getString(3),
                instant(r, 4),
                instant(r, 5),
                r.getString(6),
                instant(r, 7).orElseThrow(),
                r.getString(8),
                State.valueOf(r.getString(9).toUpperCase(java.util.Locale.ROOT)),
                instant(r, 10),
                r.getString(11)));
      }
    }
    return all;
  }

  private static Optional<Instant> instant(ResultSet r, int column) throws SQLException {
    return Optional.ofNullable(r.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
