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
import org.gridwarden.core.Tx;

/**
 * Who may enrol by a secret, and requests for certificates that wait for a person. Each change
 * stands in the audit log, in its transaction. Thread-safe.
 */
public final class EnrolmentBook {
  private static final String REQUESTS =
      "SELECT id, kind, name, asked, proof, state, decided_by, key_id, csr FROM certificate_request";

  private final Transactions transactions;
  private final InstantSource clock;

  EnrolmentBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A request.
   *
   * @param proof how whoever asked was known: secret, certificate or maker
   * @param state PENDING, APPROVED, REFUSED or ISSUED
   * @param keyId SHA-256 of the key that it asks for
   * @param csr PKCS #10, DER
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Request(
      long id,
      String kind,
      String name,
      Instant asked,
      String proof,
      String state,
      String decidedBy,
      byte[] keyId,
      byte[] csr) {
    public Request {
      keyId = keyId.clone();
      csr = csr.clone();
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }

    @Override
    public byte[] csr() {
      return csr.clone();
    }
  }

  /** Lets a holder enrol with a secret; earlier ones of the same holder end. */
  public void invite(Tx tx, String kind, String name, byte[] hash, Instant until, Actor by) {
    run(
        tx,
        "recording an enrolment secret",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM enrolment_secret WHERE kind = ? AND name = ? AND used IS NULL")) {
            s.setString(1, kind);
            s.setString(2, name);
            s.executeUpdate();
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO enrolment_secret (made, until, hash, kind, name, made_by)"
                      + " VALUES (?, ?, ?, ?, ?, ?)")) {
            s.setObject(1, now());
            s.setObject(2, until.atOffset(ZoneOffset.UTC));
            s.setBytes(3, hash);
            s.setString(4, kind);
            s.setString(5, name);
            s.setString(6, by.name());
            s.executeUpdate();
          }
          return audit(c, by, "enrolment.invited", kind + " " + name);
        });
  }

  /** Whether a secret is a holder's, not used, and in its time. */
  public boolean invited(String kind, String name, byte[] hash) {
    return transactions.run(
        "looking an enrolment secret up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT FROM enrolment_secret WHERE hash = ? AND kind = ? AND name = ?"
                      + " AND used IS NULL AND until > ?")) {
            s.setBytes(1, hash);
            s.setString(2, kind);
            s.setString(3, name);
            s.setObject(4, now());
            try (ResultSet r = s.executeQuery()) {
              return r.next();
            }
          }
        });
  }

  /**
   * Uses a secret up.
   *
   * @return false where it is not there, used or over
   */
  public boolean use(Tx tx, String kind, String name, byte[] hash) {
    return run(
        tx,
        "using an enrolment secret",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE enrolment_secret SET used = ? WHERE hash = ? AND kind = ? AND name = ?"
                      + " AND used IS NULL AND until > ?")) {
            s.setObject(1, now());
            s.setBytes(2, hash);
            s.setString(3, kind);
            s.setString(4, name);
            s.setObject(5, now());
            return s.executeUpdate() == 1;
          }
        });
  }

  /**
   * The open request of a holder for a key, made where there is none.
   *
   * @param most how many one holder may have open at a time
   * @return empty where the holder has so many open already
   */
  public Optional<Request> ask(
      Tx tx, String kind, String name, byte[] keyId, byte[] csr, String proof, int most, Actor by) {
    Optional<Request> there = open(tx, kind, name, keyId);
    if (there.isPresent()) {
      return there;
    }
    boolean made =
        run(
            tx,
            "recording a request for a certificate",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "INSERT INTO certificate_request (asked, key_id, kind, name, proof, csr)"
                          + " SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM certificate_request"
                          + " WHERE kind = ? AND name = ? AND state = 'PENDING') < ?")) {
                s.setObject(1, now());
                s.setBytes(2, keyId);
                s.setString(3, kind);
                s.setString(4, name);
                s.setString(5, proof);
                s.setBytes(6, csr);
                s.setString(7, kind);
                s.setString(8, name);
                s.setInt(9, most);
                return s.executeUpdate() == 1
                    && audit(
                        c,
                        by,
                        "certificate.asked",
                        kind + " " + name + " key " + HexFormat.of().formatHex(keyId));
              }
            });
    return made ? open(tx, kind, name, keyId) : Optional.empty();
  }

  private static Optional<Request> open(Tx tx, String kind, String name, byte[] keyId) {
    return run(
        tx,
        "looking a request up",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  REQUESTS
                      + " WHERE kind = ? AND name = ? AND key_id = ?"
                      + " AND state IN ('PENDING', 'APPROVED')")) {
            s.setString(1, kind);
            s.setString(2, name);
            s.setBytes(3, keyId);
            return rows(s).stream().findFirst();
          }
        });
  }

  /** Those that wait for a person first, then the latest others; at most 500. */
  public List<Request> requests() {
    return transactions.run(
        "listing requests for certificates",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  REQUESTS + " ORDER BY state <> 'PENDING', asked DESC, id DESC LIMIT 500")) {
            return rows(s);
          }
        });
  }

  /** One request. */
  public Optional<Request> request(long id) {
    return transactions.run(
        "reading a request",
        c -> {
          try (PreparedStatement s = c.prepareStatement(REQUESTS + " WHERE id = ?")) {
            s.setLong(1, id);
            return rows(s).stream().findFirst();
          }
        });
  }

  /**
   * A person decides.
   *
   * @return false where it does not wait any more
   */
  public boolean decide(Tx tx, long id, boolean approved, Actor by) {
    return run(
        tx,
        "deciding a request",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE certificate_request SET decided = ?, decided_by = ?, state = ?"
                      + " WHERE id = ? AND state = 'PENDING' RETURNING kind, name, key_id")) {
            s.setObject(1, now());
            s.setString(2, by.name());
            s.setString(3, approved ? "APPROVED" : "REFUSED");
            s.setLong(4, id);
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  && audit(
                      c,
                      by,
                      approved ? "certificate.approved" : "certificate.refused",
                      r.getString(1)
                          + " "
                          + r.getString(2)
                          + " key "
                          + HexFormat.of().formatHex(r.getBytes(3)));
            }
          }
        });
  }

  /** What was approved has been issued. */
  public void issued(Tx tx, long id) {
    run(
        tx,
        "closing a request",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE certificate_request SET state = 'ISSUED' WHERE id = ?"
                      + " AND state = 'APPROVED'")) {
            s.setLong(1, id);
            return s.executeUpdate();
          }
        });
  }

  private static List<Request> rows(PreparedStatement s) throws SQLException {
    List<Request> rows = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        rows.add(
            new Request(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                r.getObject(4, OffsetDateTime.class).toInstant(),
                r.getString(5),
                r.getString(6),
                r.getString(7),
                r.getBytes(8),
                r.getBytes(9)));
      }
    }
    return rows;
  }

  private boolean audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static <T> T run(Tx tx, String doing, Transactions.Work<T> work) {
    try {
      return work.with(PgTx.of(tx));
    } catch (SQLException e) {
      throw StoreException.of(doing, e);
    }
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
