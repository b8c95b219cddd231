package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;

/** Meters that nobody put up: others' energy by a formula, which never changes. Thread-safe. */
public final class VirtualMeterBook {
  private static final String COLUMNS =
      "SELECT id, zone, service_point, formula, made, made_by, ended FROM virtual_meter";

  private final Transactions transactions;
  private final InstantSource clock;

  VirtualMeterBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * One.
   *
   * @param zone by which its days count
   * @param servicePoint where it is billed; empty where nowhere
   * @param formula of meters' ids, virtual ones among them; not checked here
   * @param ended since when it is no more used; empty while it is
   */
  public record Virtual(
      String id,
      ZoneId zone,
      String servicePoint,
      String formula,
      Instant made,
      String madeBy,
      Optional<Instant> ended) {}

  /**
   * Makes one.
   *
   * @throws StoreException where there is a meter of that name, or a meter at that service point
   */
  public Virtual make(String id, ZoneId zone, String servicePoint, String formula, Actor by) {
    return transactions.run(
        "making a virtual meter",
        c -> {
          refuse(
              c,
              "SELECT 1 FROM meter WHERE meter_id = ?",
              id,
              "meter " + id,
              "was put up: a virtual one has another name");
          if (!servicePoint.isEmpty()) {
            refuse(
                c,
                "SELECT 1 FROM service_point_term WHERE service_point = ?",
                servicePoint,
                "service point " + servicePoint,
                "has a meter of its own, or had one: give the virtual meter another");
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO virtual_meter (made, id, zone, service_point, formula, made_by)"
                      + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, id);
            s.setString(3, zone.getId());
            s.setString(4, servicePoint);
            s.setString(5, formula);
            s.setString(6, by.name());
            if (s.executeUpdate() != 1) {
              throw StoreException.at(
                  Fault.Code.CONFLICT,
                  "virtual meter " + id,
                  "or one at its service point is there already: formulas never change, end that"
                      + " one and make another");
            }
          }
          audit(c, by, "virtual-meter.made", id + " = " + formula);
          return find(c, id).orElseThrow();
        });
  }

  private static void refuse(Connection c, String query, String key, String where, String why)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement(query)) {
      s.setString(1, key);
      try (ResultSet r = s.executeQuery()) {
        if (r.next()) {
          throw StoreException.at(Fault.Code.CONFLICT, where, why);
        }
      }
    }
  }

  /** One by its id, ended or not. */
  public Optional<Virtual> find(String id) {
    return transactions.run("reading a virtual meter", c -> find(c, id));
  }

  private static Optional<Virtual> find(Connection c, String id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE id = ?")) {
      s.setString(1, id);
      return rows(s).stream().findFirst();
    }
  }

  /** The one that stands at a service point. */
  public Optional<Virtual> at(String servicePoint) {
    return transactions.run(
        "looking for a virtual meter",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + " WHERE service_point = ? AND ended IS NULL")) {
            s.setString(1, servicePoint);
            return servicePoint.isEmpty() ? Optional.empty() : rows(s).stream().findFirst();
          }
        });
  }

  /** All, by id, after one; at most 1,000. */
  public List<Virtual> all(String after) {
    return transactions.run(
        "reading virtual meters",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + " WHERE id > ? ORDER BY id LIMIT 1000")) {
            s.setString(1, after);
            return rows(s);
          }
        });
  }

  /**
   * Ends one: it stands nowhere any more, and can be read as before.
   *
   * @return whether there was one that was used
   */
  public boolean end(String id, Actor by) {
    return transactions.run(
        "ending a virtual meter",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE virtual_meter SET ended = ? WHERE id = ? AND ended IS NULL")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, id);
            boolean was = s.executeUpdate() == 1;
            if (was) {
              audit(c, by, "virtual-meter.ended", id);
            }
            return was;
          }
        });
  }

  private void audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Virtual> rows(PreparedStatement s) throws SQLException {
    List<Virtual> all = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        all.add(
            new Virtual(
                r.getString(1),
                ZoneId.of(r.getString(2)),
                r.getString(3),
                r.getString(4),
                r.getObject(5, OffsetDateTime.class).toInstant(),
                r.getString(6),
                Optional.ofNullable(r.getObject(7, OffsetDateTime.class))
                    .map(OffsetDateTime::toInstant)));
      }
    }
    return all;
  }
}
