package org.gridwarden.store;

import java.math.BigInteger;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;

/**
 * The certificates that the office issued and what became of them. Each change stands in the audit
 * log, in its transaction. Thread-safe.
 */
public final class CertificateBook {
  private static final String COLUMNS =
      "SELECT serial, kind, name, issued, not_before, not_after, issued_by, revoked, revoked_by,"
          + " reason, note, key_id, der FROM certificate";

  private final Transactions transactions;
  private final InstantSource clock;

  CertificateBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Which certificates.
   *
   * @param state good, expiring, expired, revoked; empty for all
   * @param kind of one kind of holder; empty for all
   * @param q a part of the name or serial number
   * @param soon until when a certificate must end to be expiring
   */
  public record Query(String state, String kind, String q, Instant soon) {}

  /** A page: those that end first are first. */
  public record Page(List<StoredCertificate> items, long total) {}

  /**
   * Holds a holder until the end of the transaction: what is decided about it is decided one by
   * one.
   */
  public void hold(Tx tx, String kind, String name) {
    run(
        tx,
        "holding a certificate's name",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 17))")) {
            s.setString(1, kind + ":" + name);
            s.execute();
            return true;
          }
        });
  }

  /** Adds one that was just issued. */
  public void add(Tx tx, StoredCertificate fresh, Actor by) {
    run(
        tx,
        "recording a certificate",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO certificate (serial, kind, name, issued, not_before, not_after,"
                      + " issued_by, key_id, der) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            s.setBytes(1, fresh.serial().toByteArray());
            s.setString(2, fresh.kind());
            s.setString(3, fresh.name());
            s.setObject(4, at(fresh.issued()));
            s.setObject(5, at(fresh.notBefore()));
            s.setObject(6, at(fresh.notAfter()));
            s.setString(7, by.name());
            s.setBytes(8, fresh.keyId());
            s.setBytes(9, fresh.der());
            s.executeUpdate();
          }
          return audit(
              c,
              by,
              "certificate.issued",
              fresh.kind() + " " + fresh.name() + " " + fresh.hexSerial());
        });
  }

  /**
   * Revokes one.
   *
   * @param reason CRLReason's number
   * @return false where there is none, or it is revoked already
   */
  public boolean revoke(Tx tx, BigInteger serial, int reason, String note, Actor by) {
    return run(
        tx,
        "revoking a certificate",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE certificate SET revoked = ?, revoked_by = ?, reason = ?, note = ?"
                      + " WHERE serial = ? AND revoked IS NULL RETURNING kind, name")) {
            s.setObject(1, at(clock.instant()));
            s.setString(2, by.name());
            s.setInt(3, reason);
            s.setString(4, note);
            s.setBytes(5, serial.toByteArray());
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  && audit(
                      c,
                      by,
                      "certificate.revoked",
                      r.getString(1)
                          + " "
                          + r.getString(2)
                          + " "
                          + serial.toString(16)
                          + " reason "
                          + reason
                          + " "
                          + note);
            }
          }
        });
  }

  /** One by its serial number. */
  public Optional<StoredCertificate> find(BigInteger serial) {
    return transactions.run(
        "reading a certificate",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE serial = ?")) {
            s.setBytes(1, serial.toByteArray());
            return rows(s).stream().findFirst();
          }
        });
  }

  /**
   * Those of a key that are not revoked, the newest first; at most 10.
   *
   * @param keyId SHA-256 of its SubjectPublicKeyInfo
   */
  public List<StoredCertificate> ofKey(byte[] keyId) {
    return transactions.run(
        "reading a key's certificates",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS
                      + " WHERE key_id = ? AND revoked IS NULL ORDER BY issued DESC LIMIT 10")) {
            s.setBytes(1, keyId);
            return rows(s);
          }
        });
  }

  /** All of a holder, the newest first; at most 100. */
  public List<StoredCertificate> of(Tx tx, String kind, String name) {
    return run(
        tx,
        "reading a holder's certificates",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS + " WHERE kind = ? AND name = ? ORDER BY issued DESC LIMIT 100")) {
            s.setString(1, kind);
            s.setString(2, name);
            return rows(s);
          }
        });
  }

  /** A page of 1 to 1,000. */
  public Page page(Query query, int page, int size) {
    String where =
        switch (query.state()) {
          case "good" -> " WHERE revoked IS NULL AND not_after > ?";
          case "expiring" -> " WHERE revoked IS NULL AND not_after > ? AND not_after <= ?";
          case "expired" -> " WHERE revoked IS NULL AND not_after <= ?";
          case "revoked" -> " WHERE revoked IS NOT NULL";
          default -> " WHERE true";
        };
    String all =
        where
            + " AND (? = '' OR kind = ?) AND (? = '' OR position(lower(?) IN lower(name)) > 0"
            + " OR position(lower(?) IN encode(serial, 'hex')) > 0)";
    return transactions.run(
        "listing certificates",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      COLUMNS
                          + all
                          + " ORDER BY not_after, serial LIMIT "
                          + size
                          + " OFFSET "
                          + (long) page * size);
              PreparedStatement n = c.prepareStatement("SELECT count(*) FROM certificate" + all)) {
            bind(s, query);
            bind(n, query);
            try (ResultSet r = n.executeQuery()) {
              r.next();
              return new Page(rows(s), r.getLong(1));
            }
          }
        });
  }

  /** How many certificates in force end on each of the next so many days, from today (UTC) on. */
  public List<Long> ending(int days) {
    return transactions.run(
        "counting certificates that end",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT count(c.serial) FROM generate_series(0, ? - 1) d LEFT JOIN certificate c ON"
                      + " c.revoked IS NULL AND c.not_after >= ?::timestamptz + d * interval '1 day'"
                      + " AND c.not_after < ?::timestamptz + (d + 1) * interval '1 day'"
                      + " GROUP BY d ORDER BY d")) {
            OffsetDateTime today =
                at(clock.instant()).truncatedTo(java.time.temporal.ChronoUnit.DAYS);
            s.setInt(1, days);
            s.setObject(2, today);
            s.setObject(3, today);
            List<Long> counts = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                counts.add(r.getLong(1));
              }
            }
            return counts;
          }
        });
  }

  /** Those that are revoked and have not ended long since. */
  public List<StoredCertificate> revoked() {
    return transactions.run(
        "reading what is revoked",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS + " WHERE revoked IS NOT NULL AND not_after > ? ORDER BY revoked")) {
            s.setObject(1, at(clock.instant()).minusDays(7));
            return rows(s);
          }
        });
  }

  /** The serial numbers of the same. */
  public Set<BigInteger> revokedSerials() {
    return transactions.run(
        "reading what is revoked",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT serial FROM certificate WHERE revoked IS NOT NULL AND not_after > ?")) {
            s.setObject(1, at(clock.instant()).minusDays(7));
            Set<BigInteger> serials = new HashSet<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                serials.add(new BigInteger(r.getBytes(1)));
              }
            }
            return serials;
          }
        });
  }

  /** The number of the next revocation list. */
  public BigInteger nextListNumber() {
    return transactions.run(
        "numbering a revocation list",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement("SELECT nextval('revocation_list_number')");
              ResultSet r = s.executeQuery()) {
            r.next();
            return BigInteger.valueOf(r.getLong(1));
          }
        });
  }

  private void bind(PreparedStatement s, Query query) throws SQLException {
    int next = 1;
    OffsetDateTime now = at(clock.instant());
    switch (query.state()) {
      case "good", "expired" -> s.setObject(next++, now);
      case "expiring" -> {
        s.setObject(next++, now);
        s.setObject(next++, at(query.soon()));
      }
      default -> {}
    }
    s.setString(next++, query.kind());
    s.setString(next++, query.kind());
    s.setString(next++, query.q());
    s.setString(next++, query.q());
    s.setString(next, query.q());
  }

  private static List<StoredCertificate> rows(PreparedStatement s) throws SQLException {
    List<StoredCertificate> rows = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        OffsetDateTime revoked = r.getObject(8, OffsetDateTime.class);
        Optional<StoredCertificate.Revocation> its =
            revoked == null
                ? Optional.empty()
                : Optional.of(
                    new StoredCertificate.Revocation(
                        revoked.toInstant(), r.getString(9), r.getInt(10), r.getString(11)));
        rows.add(
            new StoredCertificate(
                new BigInteger(r.getBytes(1)),
                r.getString(2),
                r.getString(3),
                r.getObject(4, OffsetDateTime.class).toInstant(),
                r.getObject(5, OffsetDateTime.class).toInstant(),
                r.getObject(6, OffsetDateTime.class).toInstant(),
                r.getString(7),
                its,
                r.getBytes(12),
                r.getBytes(13)));
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

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
