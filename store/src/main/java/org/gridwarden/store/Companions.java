package org.gridwarden.store;

import java.math.BigDecimal;
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
import java.util.Locale;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;

/**
 * Which meters are held against each other: one that runs alike, one that measures the same a
 * second time, and one that measures all of a feeder. Thread-safe.
 */
public final class Companions {
  private final Transactions transactions;
  private final Dictionary dictionary;
  private final InstantSource clock;

  Companions(Transactions transactions, Dictionary dictionary, InstantSource clock) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.clock = clock;
  }

  /** What another meter is to a meter. */
  public enum Kind {
    /** It runs alike: another phase of one supply, a plant that is built alike. */
    SIBLING,
    /** It measures the same a second time. */
    CHECK;

    /** As it is stored and written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A meter and another one. */
  public record Companion(MeterId meter, MeterId other, Kind kind, Instant since, String saidBy) {}

  /**
   * A feeder's meter.
   *
   * @param mostLoss how much of what it measured may be lost, per cent, above 0 and at most 50
   */
  public record FeederMeter(
      String feeder, MeterId meter, BigDecimal mostLoss, Instant since, String saidBy) {}

  /**
   * Says which other meter goes with a meter; it takes the place of the one that did.
   *
   * @throws StoreException where a meter is not registered, or both are the same
   */
  public void put(MeterId meter, MeterId other, Kind kind, Actor by) {
    int inner = number(meter);
    int its = number(other);
    if (inner == its) {
      throw StoreException.at(
          Fault.Code.CONFLICT, "meter " + meter, "cannot be held against itself");
    }
    var unused =
        transactions.run(
            "noting a meter's companion",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "INSERT INTO meter_companion (since, meter, other, kind, said_by) VALUES (?,"
                          + " ?, ?, ?, ?) ON CONFLICT (meter, kind) DO UPDATE SET since ="
                          + " excluded.since, other = excluded.other, said_by ="
                          + " excluded.said_by")) {
                s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                s.setInt(2, inner);
                s.setInt(3, its);
                s.setString(4, kind.word());
                s.setString(5, by.name());
                s.executeUpdate();
              }
              return audit(c, by, "companion.set", meter + " " + kind.word() + " " + other);
            });
  }

  /**
   * Says that none goes with it any more.
   *
   * @return whether one did
   */
  public boolean remove(MeterId meter, Kind kind, Actor by) {
    int inner = number(meter);
    return transactions.run(
        "removing a meter's companion",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("DELETE FROM meter_companion WHERE meter = ? AND kind = ?")) {
            s.setInt(1, inner);
            s.setString(2, kind.word());
            return s.executeUpdate() == 1
                && audit(c, by, "companion.removed", meter + " " + kind.word());
          }
        });
  }

  /** A meter's. */
  public List<Companion> of(MeterId meter) {
    return companions("c.meter = ?", number(meter));
  }

  /** All, by meter; at most 10,000. */
  public List<Companion> all() {
    return companions("? = 0", 0);
  }

  private List<Companion> companions(String which, int value) {
    return transactions.run(
        "reading meters' companions",
        c -> {
          List<Companion> all = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT m.meter_id, o.meter_id, c.kind, c.since, c.said_by FROM meter_companion"
                      + " c JOIN meter m ON m.id = c.meter JOIN meter o ON o.id = c.other WHERE "
                      + which
                      + " ORDER BY m.meter_id, c.kind LIMIT 10000")) {
            s.setInt(1, value);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                all.add(
                    new Companion(
                        new MeterId(r.getString(1)),
                        new MeterId(r.getString(2)),
                        Kind.valueOf(r.getString(3).toUpperCase(Locale.ROOT)),
                        r.getObject(4, OffsetDateTime.class).toInstant(),
                        r.getString(5)));
              }
            }
          }
          return all;
        });
  }

  /**
   * Says which meter measures all of a feeder; it takes the place of the one that did.
   *
   * @param mostLoss per cent, above 0 and at most 50
   * @throws StoreException where the meter is not registered, or measures another feeder
   */
  public void feeder(String feeder, MeterId meter, BigDecimal mostLoss, Actor by) {
    int inner = number(meter);
    var unused =
        transactions.run(
            "noting a feeder's meter",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement("SELECT feeder FROM feeder_meter WHERE meter = ?")) {
                s.setInt(1, inner);
                try (ResultSet r = s.executeQuery()) {
                  if (r.next() && !r.getString(1).equals(feeder)) {
                    throw StoreException.at(
                        Fault.Code.CONFLICT,
                        "meter " + meter,
                        "measures feeder " + r.getString(1) + " already");
                  }
                }
              }
              try (PreparedStatement s =
                  c.prepareStatement(
                      "INSERT INTO feeder_meter (since, meter, most_loss, feeder, said_by) VALUES"
                          + " (?, ?, ?, ?, ?) ON CONFLICT (feeder) DO UPDATE SET since ="
                          + " excluded.since, meter = excluded.meter, most_loss ="
                          + " excluded.most_loss, said_by = excluded.said_by")) {
                s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                s.setInt(2, inner);
                s.setBigDecimal(3, mostLoss);
                s.setString(4, feeder);
                s.setString(5, by.name());
                s.executeUpdate();
              }
              return audit(
                  c,
                  by,
                  "feeder.set",
                  feeder + " " + meter + " " + mostLoss.toPlainString() + " %");
            });
  }

  /**
   * Says that none measures it any more.
   *
   * @return whether one did
   */
  public boolean removeFeeder(String feeder, Actor by) {
    return transactions.run(
        "removing a feeder's meter",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("DELETE FROM feeder_meter WHERE feeder = ?")) {
            s.setString(1, feeder);
            return s.executeUpdate() == 1 && audit(c, by, "feeder.removed", feeder);
          }
        });
  }

  /** All feeders that are measured, by name. */
  public List<FeederMeter> feeders() {
    return transactions.run(
        "reading feeders' meters",
        c -> {
          List<FeederMeter> all = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT f.feeder, m.meter_id, f.most_loss, f.since, f.said_by FROM"
                          + " feeder_meter f JOIN meter m ON m.id = f.meter ORDER BY f.feeder");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              all.add(
                  new FeederMeter(
                      r.getString(1),
                      new MeterId(r.getString(2)),
                      r.getBigDecimal(3),
                      r.getObject(4, OffsetDateTime.class).toInstant(),
                      r.getString(5)));
            }
          }
          return all;
        });
  }

  /** The meters that hang on a feeder, without the one that measures it; none that are retired. */
  public List<MeterId> on(String feeder) {
    return transactions.run(
        "reading a feeder's meters",
        c -> {
          List<MeterId> all = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT meter_id FROM meter WHERE feeder = ? AND state <> 'RETIRED' AND id NOT IN"
                      + " (SELECT meter FROM feeder_meter WHERE feeder = ?) ORDER BY meter_id")) {
            s.setString(1, feeder);
            s.setString(2, feeder);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                all.add(new MeterId(r.getString(1)));
              }
            }
          }
          return all;
        });
  }

  private boolean audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private int number(MeterId meter) {
    return dictionary
        .meter(meter)
        .orElseThrow(() ->
            StoreException.at(Fault.Code.UNKNOWN_METER, "meter " + meter, "is not registered"));
  }
}
