package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;

/**
 * Whom each meter lets in and what those may do: as it was read last, and as somebody wants it. A
 * wish is in the audit log, in its own transaction. Thread-safe.
 */
public final class AccessBook {
  private final Transactions transactions;
  private final InstantSource clock;

  AccessBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * What was read of a meter.
   *
   * @param at when
   */
  public record Found(MeterAccess access, Instant at) {}

  /**
   * What is wanted of a meter.
   *
   * @param since since when
   * @param agreed when the meter was first found to be so; empty where it was not yet
   * @param by who wants it
   * @param reason why
   */
  public record Wish(
      MeterAccess access, Instant since, Optional<Instant> agreed, String by, String reason) {}

  /**
   * How many meters stand how.
   *
   * @param read were read
   * @param wished somebody said how they should be
   * @param differing were read and are not so
   */
  public record Counts(long read, long wished, long differing) {}

  /** A client without rights is as one that is not there. */
  private static final String ROWS =
      "SELECT client, level, rights FROM meter_access WHERE meter = w.meter AND rights <>"
          + " sha256('') AND ";

  private static final String DIFFERING =
      " FROM meter_access_wish w JOIN meter m ON m.id = w.meter JOIN meter_access_read r ON r.meter"
          + " = w.meter WHERE EXISTS (("
          + ROWS
          + "NOT wanted EXCEPT "
          + ROWS
          + "wanted) UNION ALL ("
          + ROWS
          + "wanted EXCEPT "
          + ROWS
          + "NOT wanted))";

  /** Keeps what was read of a meter just now. */
  public void found(MeterId meter, MeterAccess access) {
    transactions.run(
        "keeping a meter's access",
        c -> {
          int number = number(c, meter);
          write(c, number, false, access);
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO meter_access_read (at, meter) VALUES (?, ?) ON CONFLICT (meter) DO"
                      + " UPDATE SET at = excluded.at")) {
            s.setObject(1, utc(clock.instant()));
            s.setInt(2, number);
            return s.executeUpdate();
          }
        });
  }

  /** What was read of a meter last; empty where it was not read. */
  public Optional<Found> found(MeterId meter) {
    return transactions.run(
        "reading a meter's access",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT r.at FROM meter_access_read r JOIN meter m ON m.id = r.meter WHERE"
                      + " m.meter_id = ?")) {
            s.setString(1, meter.value());
            try (ResultSet r = s.executeQuery()) {
              return r.next()
                  ? Optional.of(new Found(read(c, meter, false), instant(r, 1)))
                  : Optional.empty();
            }
          }
        });
  }

  /** What is wanted of a meter; empty where nobody said so. */
  public Optional<Wish> wish(MeterId meter) {
    return transactions.run(
        "reading a meter's wanted access",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT w.since, w.agreed, w.by, w.reason FROM meter_access_wish w JOIN meter m"
                      + " ON m.id = w.meter WHERE m.meter_id = ?")) {
            s.setString(1, meter.value());
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                return Optional.empty();
              }
              return Optional.of(
                  new Wish(
                      read(c, meter, true),
                      instant(r, 1),
                      r.getObject(2) == null ? Optional.empty() : Optional.of(instant(r, 2)),
                      r.getString(3),
                      r.getString(4)));
            }
          }
        });
  }

  /**
   * Somebody says how a meter should be, in the place of what was wanted before.
   *
   * @param reason 1 to 1,000 characters
   */
  public void wish(MeterId meter, MeterAccess access, String reason, Actor by) {
    transactions.run(
        "keeping a meter's wanted access",
        c -> {
          int number = number(c, meter);
          write(c, number, true, access);
          Instant now = clock.instant();
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO meter_access_wish (since, meter, by, reason) VALUES (?, ?, ?, ?) ON"
                      + " CONFLICT (meter) DO UPDATE SET since = excluded.since, agreed = NULL, by"
                      + " = excluded.by, reason = excluded.reason")) {
            s.setObject(1, utc(now));
            s.setInt(2, number);
            s.setString(3, by.name());
            s.setString(4, reason);
            s.executeUpdate();
          }
          StringBuilder detail = new StringBuilder(meter.value()).append(": ").append(reason);
          for (MeterAccess.Client client : access.clients()) {
            detail
                .append("; client ")
                .append(client.number())
                .append(' ')
                .append(client.level().word())
                .append(", ")
                .append(client.objects().size())
                .append(" objects");
          }
          return StoredAuditLog.append(
              c,
              now,
              by,
              "meter-access.wished",
              detail.toString().getBytes(StandardCharsets.UTF_8));
        });
  }

  /** Notes that a meter was found to be as it is wanted; the first time counts. */
  public void agreed(MeterId meter) {
    transactions.run(
        "noting that a meter is as wanted",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE meter_access_wish w SET agreed = ? FROM meter m WHERE m.id = w.meter AND"
                      + " m.meter_id = ? AND agreed IS NULL")) {
            s.setObject(1, utc(clock.instant()));
            s.setString(2, meter.value());
            return s.executeUpdate();
          }
        });
  }

  /** How many meters stand how. */
  public Counts counts() {
    return transactions.run(
        "counting meters' access",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT (SELECT count(*) FROM meter_access_read), (SELECT count(*) FROM"
                          + " meter_access_wish), (SELECT count(*)"
                          + DIFFERING
                          + ")");
              ResultSet r = s.executeQuery()) {
            r.next();
            return new Counts(r.getLong(1), r.getLong(2), r.getLong(3));
          }
        });
  }

  /** Meters that were read and are not as wanted, by their ids. */
  public List<MeterId> differing(int most) {
    return transactions.run(
        "listing meters that are not as wanted",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT m.meter_id" + DIFFERING + " ORDER BY m.meter_id LIMIT ?")) {
            s.setInt(1, most);
            List<MeterId> meters = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                meters.add(new MeterId(r.getString(1)));
              }
            }
            return meters;
          }
        });
  }

  private static void write(Connection c, int meter, boolean wanted, MeterAccess access)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement("DELETE FROM meter_access WHERE meter = ? AND wanted = ?")) {
      s.setInt(1, meter);
      s.setBoolean(2, wanted);
      s.executeUpdate();
    }
    for (MeterAccess.Client client : access.clients()) {
      String rights = client.rights();
      byte[] hash = sha256(rights);
      try (PreparedStatement s =
          c.prepareStatement(
              "INSERT INTO access_rights (hash, rights) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
        s.setBytes(1, hash);
        s.setString(2, rights);
        s.executeUpdate();
      }
      try (PreparedStatement s =
          c.prepareStatement(
              "INSERT INTO meter_access (association, meter, client, wanted, level, rights) VALUES"
                  + " (?, ?, ?, ?, ?, ?)")) {
        s.setLong(1, client.association().packed());
        s.setInt(2, meter);
        s.setInt(3, client.number());
        s.setBoolean(4, wanted);
        s.setInt(5, client.level().ordinal());
        s.setBytes(6, hash);
        s.executeUpdate();
      }
    }
  }

  private static MeterAccess read(Connection c, MeterId meter, boolean wanted) throws SQLException {
    List<MeterAccess.Client> clients = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT a.client, a.association, a.level, t.rights FROM meter_access a JOIN meter m ON"
                + " m.id = a.meter JOIN access_rights t ON t.hash = a.rights WHERE m.meter_id = ?"
                + " AND a.wanted = ?")) {
      s.setString(1, meter.value());
      s.setBoolean(2, wanted);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          clients.add(
              MeterAccess.Client.of(
                  r.getInt(1),
                  new ObisCode(r.getLong(2)),
                  MeterAccess.Level.values()[r.getInt(3)],
                  r.getString(4)));
        }
      }
    }
    return new MeterAccess(clients);
  }

  private static int number(Connection c, MeterId meter) throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT id FROM meter WHERE meter_id = ?")) {
      s.setString(1, meter.value());
      try (ResultSet r = s.executeQuery()) {
        if (!r.next()) {
          throw StoreException.at(
              Fault.Code.UNKNOWN_METER, "meter " + meter.value(), "it is not registered");
        }
        return r.getInt(1);
      }
    }
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
