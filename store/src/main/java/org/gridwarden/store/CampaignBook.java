package org.gridwarden.store;

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
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.jspecify.annotations.Nullable;

/**
 * Firmware campaigns: which meter is in which ring, and what became of it. Each change of a
 * campaign is in the audit log, in its own transaction. Thread-safe.
 */
public final class CampaignBook {
  private final Transactions transactions;
  private final InstantSource clock;

  CampaignBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Where a campaign stands. */
  public enum State {
    /** Goes on by itself, ring by ring. */
    RUNNING,
    /** Waits for a person. */
    STOPPED,
    /** Has come to its end. */
    DONE
  }

  /**
   * A campaign.
   *
   * @param sha256 its image
   * @param ring the last ring that was released, from 0
   * @param why of the state
   * @param plan as text; what it means is the head-end's business
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Campaign(
      UUID id,
      byte[] sha256,
      String model,
      String version,
      int ring,
      State state,
      String why,
      String plan,
      String reason,
      String startedBy,
      Instant started,
      Instant changed) {}

  /**
   * A meter of a campaign, with all that bears upon how it is.
   *
   * @param command its update, once it was drafted
   * @param state the command's
   * @param why of that state
   * @param sent when it was first sent
   * @param ended when the command came to its end
   * @param heard when the meter was last heard, under a key of its own
   * @param runs the version that it is known to run
   * @param excused lost, and a person said to go on all the same
   * @param skipped why it was left out at its turn; empty where it was not
   */
  public record Member(
      MeterId meter,
      int ring,
      Optional<CommandId> command,
      Optional<CommandState> state,
      String why,
      Optional<Instant> sent,
      Optional<Instant> ended,
      Optional<Instant> heard,
      String runs,
      boolean excused,
      String skipped) {}

  /**
   * Begins a campaign.
   *
   * @param rings each ring's meters, the canaries first
   */
  public void start(Tx tx, Campaign campaign, List<List<MeterId>> rings, Actor by) {
    Connection c = PgTx.of(tx);
    try (PreparedStatement s =
            c.prepareStatement(
                "INSERT INTO firmware_campaign (id, sha256, ring, state, why, plan, reason,"
                    + " started_by, started, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement m =
            c.prepareStatement(
                "INSERT INTO firmware_campaign_meter (campaign, ring, meter) VALUES (?, ?, ?)")) {
      s.setObject(1, campaign.id());
      s.setBytes(2, campaign.sha256());
      s.setInt(3, campaign.ring());
      s.setString(4, campaign.state().name());
      s.setString(5, campaign.why());
      s.setString(6, campaign.plan());
      s.setString(7, campaign.reason());
      s.setString(8, by.name());
      s.setObject(9, utc(campaign.started()));
      s.setObject(10, utc(campaign.changed()));
      s.executeUpdate();
      int meters = 0;
      for (int ring = 0; ring < rings.size(); ring++) {
        for (MeterId meter : rings.get(ring)) {
          m.setObject(1, campaign.id());
          m.setInt(2, ring);
          m.setString(3, meter.value());
          m.addBatch();
          meters++;
        }
      }
      m.executeBatch();
      audit(
          c,
          by,
          "firmware.campaign-started",
          campaign.id()
              + ": "
              + campaign.model()
              + " "
              + campaign.version()
              + " to "
              + meters
              + " meters: "
              + campaign.reason()
              + "\n"
              + campaign.plan());
    } catch (SQLException e) {
      throw StoreException.of("starting a campaign", e);
    }
  }

  /** All campaigns, the newest first. */
  public List<Campaign> all() {
    return transactions.run("listing campaigns", c -> list(c, "ORDER BY started DESC", null));
  }

  /** A campaign. */
  public Optional<Campaign> find(UUID id) {
    return transactions.run(
        "reading a campaign", c -> list(c, "WHERE k.id = ?", id).stream().findFirst());
  }

  /** Holds a campaign until the transaction ends; empty where it is not there. */
  public Optional<Campaign> hold(Tx tx, UUID id) {
    return held(tx, id, "FOR UPDATE OF k");
  }

  /** The same; empty also where another one holds it: that one goes on with it. */
  public Optional<Campaign> holdUnlessHeld(Tx tx, UUID id) {
    return held(tx, id, "FOR UPDATE OF k SKIP LOCKED");
  }

  private static Optional<Campaign> held(Tx tx, UUID id, String how) {
    try {
      return list(PgTx.of(tx), "WHERE k.id = ? " + how, id).stream().findFirst();
    } catch (SQLException e) {
      throw StoreException.of("holding a campaign", e);
    }
  }

  private static List<Campaign> list(Connection c, String which, @Nullable UUID id)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT k.id, k.sha256, i.model, i.version, k.ring, k.state, k.why, k.plan, k.reason,"
                + " k.started_by, k.started, k.changed FROM firmware_campaign k"
                + " JOIN firmware_image i ON i.sha256 = k.sha256 "
                + which)) {
      if (id != null) {
        s.setObject(1, id);
      }
      List<Campaign> all = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          all.add(
              new Campaign(
                  r.getObject(1, UUID.class),
                  r.getBytes(2),
                  r.getString(3),
                  r.getString(4),
                  r.getInt(5),
                  State.valueOf(r.getString(6)),
                  r.getString(7),
                  r.getString(8),
                  r.getString(9),
                  r.getString(10),
                  instant(r, 11).orElseThrow(),
                  instant(r, 12).orElseThrow()));
        }
      }
      return all;
    }
  }

  /** The meters that are in a campaign which has not come to its end. */
  public List<MeterId> busy() {
    return transactions.run(
        "looking for meters in campaigns",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT m.meter FROM firmware_campaign_meter m JOIN firmware_campaign k"
                          + " ON k.id = m.campaign WHERE k.state <> 'DONE'");
              ResultSet r = s.executeQuery()) {
            List<MeterId> meters = new ArrayList<>();
            while (r.next()) {
              meters.add(new MeterId(r.getString(1)));
            }
            return meters;
          }
        });
  }

  /** The meters of all rings up to one, by ring and name. */
  public List<Member> members(Tx tx, UUID campaign, int ring) {
    // only what was counted under a key of the meter's own, or read from it, is the meter's voice:
    // what the office says about a meter goes through intake as well
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT m.meter, m.ring, m.command, c.state, c.why,"
                    + " (SELECT min(at) FROM command_step t WHERE t.command = c.id"
                    + "    AND t.state = 'SENT'),"
                    + " (SELECT max(at) FROM command_step t WHERE t.command = c.id),"
                    + " greatest((SELECT max(w.contact) FROM replay_window w WHERE w.meter = n.id"
                    + "    AND octet_length(w.key_id) > 0 AND w.key_id <> '"
                    + ImportBook.KEY_ID
                    + "'::bytea),"
                    + "  (SELECT max(l.succeeded) FROM collection l WHERE l.meter = n.id)),"
                    + " coalesce(f.version, ''), m.excused, m.skipped"
                    + " FROM firmware_campaign_meter m"
                    + " LEFT JOIN command c ON c.id = m.command"
                    + " LEFT JOIN meter n ON n.meter_id = m.meter"
                    + " LEFT JOIN meter_firmware f ON f.meter = m.meter"
                    + " WHERE m.campaign = ? AND m.ring <= ? ORDER BY m.ring, m.meter")) {
      s.setObject(1, campaign);
      s.setInt(2, ring);
      List<Member> members = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          Optional<CommandState> state =
              Optional.ofNullable(r.getString(4)).map(CommandState::valueOf);
          members.add(
              new Member(
                  new MeterId(r.getString(1)),
                  r.getInt(2),
                  Optional.ofNullable(r.getObject(3, UUID.class)).map(CommandId::new),
                  state,
                  Optional.ofNullable(r.getString(5)).orElse(""),
                  instant(r, 6),
                  state.filter(CommandState::isEnd).isPresent() ? instant(r, 7) : Optional.empty(),
                  instant(r, 8),
                  r.getString(9),
                  r.getBoolean(10),
                  r.getString(11)));
        }
      }
      return members;
    } catch (SQLException e) {
      throw StoreException.of("reading a campaign's meters", e);
    }
  }

  /** How many meters each ring has, the canaries first. */
  public List<Integer> sizes(UUID campaign) {
    return transactions.run(
        "counting a campaign's rings",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT count(*) FROM firmware_campaign_meter WHERE campaign = ? GROUP BY ring"
                      + " ORDER BY ring")) {
            s.setObject(1, campaign);
            List<Integer> sizes = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                sizes.add(r.getInt(1));
              }
            }
            return sizes;
          }
        });
  }

  /**
   * Finds commands that were drafted for a campaign's meters and not noted here, because the
   * process died between the two.
   *
   * @param reason the words by which they are known: no two campaigns have the same
   * @return how many
   */
  public int adopt(Tx tx, UUID campaign, String reason) {
    return update(
        tx,
        "UPDATE firmware_campaign_meter m SET command = c.id FROM command c"
            + " WHERE m.campaign = ? AND m.command IS NULL AND c.meter = m.meter"
            + " AND c.word = 'update-firmware' AND c.reason = ?"
            + " AND c.state NOT IN ('REFUSED', 'EXPIRED')",
        s -> {
          s.setObject(1, campaign);
          s.setString(2, reason);
        });
  }

  /** Notes the command that a meter's update is. */
  public void drafted(Tx tx, UUID campaign, MeterId meter, CommandId command) {
    update(
        tx,
        "UPDATE firmware_campaign_meter SET command = ? WHERE campaign = ? AND meter = ?",
        s -> {
          s.setObject(1, command.value());
          s.setObject(2, campaign);
          s.setString(3, meter.value());
        });
  }

  /** Leaves a meter out, for a reason. */
  public void skip(Tx tx, UUID campaign, MeterId meter, String why) {
    update(
        tx,
        "UPDATE firmware_campaign_meter SET skipped = ? WHERE campaign = ? AND meter = ?",
        s -> {
          s.setString(1, why);
          s.setObject(2, campaign);
          s.setString(3, meter.value());
        });
  }

  /** Excuses meters that were lost: a person said to go on all the same. */
  public void excuse(Tx tx, UUID campaign, List<MeterId> meters) {
    update(
        tx,
        "UPDATE firmware_campaign_meter SET excused = true WHERE campaign = ? AND meter = ANY (?)",
        s -> {
          s.setObject(1, campaign);
          s.setArray(
              2,
              Sql.array(
                  PgTx.of(tx), "text", meters.stream().map(MeterId::value).toArray(String[]::new)));
        });
  }

  /** Forgets updates that ended before they were sent: they are drafted anew. */
  public void reopen(Tx tx, UUID campaign) {
    update(
        tx,
        "UPDATE firmware_campaign_meter m SET command = NULL FROM command c WHERE c.id = m.command"
            + " AND m.campaign = ? AND c.state IN ('REFUSED', 'EXPIRED') AND NOT EXISTS"
            + " (SELECT FROM command_step t WHERE t.command = c.id AND t.state = 'SENT')",
        s -> s.setObject(1, campaign));
  }

  /** Takes a campaign to a ring and a state. */
  public void move(Tx tx, UUID campaign, int ring, State state, String why, Actor by) {
    update(
        tx,
        "UPDATE firmware_campaign SET ring = ?, state = ?, why = ?, changed = ? WHERE id = ?",
        s -> {
          s.setInt(1, ring);
          s.setString(2, state.name());
          s.setString(3, why);
          s.setObject(4, utc(clock.instant()));
          s.setObject(5, campaign);
        });
    try {
      audit(
          PgTx.of(tx),
          by,
          "firmware.campaign-" + state.name().toLowerCase(java.util.Locale.ROOT),
          campaign + " ring " + ring + ": " + why);
    } catch (SQLException e) {
      throw StoreException.of("appending to the audit log", e);
    }
  }

  private interface Setting {
    void on(PreparedStatement s) throws SQLException;
  }

  private static int update(Tx tx, String sql, Setting setting) {
    try (PreparedStatement s = PgTx.of(tx).prepareStatement(sql)) {
      setting.on(s);
      return s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("changing a campaign", e);
    }
  }

  private void audit(Connection c, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        c, clock.instant(), by, action, detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Optional<Instant> instant(ResultSet r, int column) throws SQLException {
    return Optional.ofNullable(r.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
