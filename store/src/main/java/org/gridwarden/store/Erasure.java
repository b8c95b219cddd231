package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * Erases what is personal: a user who has left, an account's holder, or a consumer's time at a
 * meter. Rows are deleted or get a pseudonym in the place of a name; of the audit log clear text
 * and salt go, the log stands (C33). What was erased cannot be brought back but from a backup,
 * which has to age out. Thread-safe.
 */
public final class Erasure {
  private static final String GONE = "(erased)";

  /** Where user names stand by themselves: table and column. */
  private static final List<String[]> NAMES =
      List.of(
          new String[] {"command", "drafted_by"},
          new String[] {"command", "released_by"},
          new String[] {"command_step", "actor"},
          new String[] {"protected_meter", "by"},
          new String[] {"command_policy", "proposed_by"},
          new String[] {"command_policy", "decided_by"},
          new String[] {"operator_key", "operator"},
          new String[] {"operator_key", "added_by"},
          new String[] {"operator_key", "revoked_by"},
          new String[] {"operator_key_request", "operator"},
          new String[] {"meter_case", "closed_by"},
          new String[] {"case_step", "actor"},
          new String[] {"alarm", "acknowledged_by"},
          new String[] {"hold", "by"},
          new String[] {"hold_release", "by"},
          new String[] {"firmware_key", "added_by"},
          new String[] {"firmware_image", "added_by"},
          new String[] {"firmware_campaign", "started_by"},
          new String[] {"trust_root", "added_by"},
          new String[] {"trust_list", "added_by"},
          new String[] {"protection_lift", "asked_by"},
          new String[] {"protection_lift", "decided_by"},
          new String[] {"certificate", "name"},
          new String[] {"certificate", "issued_by"},
          new String[] {"certificate", "revoked_by"},
          new String[] {"certificate_request", "name"},
          new String[] {"certificate_request", "decided_by"},
          new String[] {"enrolment_secret", "name"},
          new String[] {"enrolment_secret", "made_by"},
          new String[] {"ssh_key", "added_by"},
          new String[] {"machine", "created_by"},
          new String[] {"machine", "revoked_by"},
          new String[] {"slot_version", "by"},
          new String[] {"account_step", "actor"},
          new String[] {"vee_exception", "settled_by"},
          new String[] {"work_order", "assignee"},
          new String[] {"work_order", "created_by"},
          new String[] {"work_order", "closed_by"},
          new String[] {"work_step", "actor"},
          new String[] {"work_evidence", "by"},
          new String[] {"import_run", "by"},
          new String[] {"third_party", "registered_by"},
          new String[] {"third_party", "revoked_by"},
          new String[] {"meter_access_wish", "by"},
          new String[] {"outlet", "said_by"},
          new String[] {"erasure_request", "asked_by"},
          new String[] {"erasure_request", "decided_by"},
          new String[] {"erasure", "by"});

  /** Where people write what they like. */
  private static final List<String[]> WORDS =
      List.of(
          new String[] {"command", "reason"},
          new String[] {"command", "why"},
          new String[] {"command_step", "note"},
          new String[] {"protected_meter", "reason"},
          new String[] {"command_policy", "reason"},
          new String[] {"operator_key", "name"},
          new String[] {"operator_key_request", "name"},
          new String[] {"case_step", "note"},
          new String[] {"hold", "reason"},
          new String[] {"hold_release", "reason"},
          new String[] {"firmware_campaign", "reason"},
          new String[] {"firmware_campaign", "why"},
          new String[] {"protection_lift", "reason"},
          new String[] {"certificate", "note"},
          new String[] {"slot_version", "reason"},
          new String[] {"account_step", "note"},
          new String[] {"vee_exception", "reason"},
          new String[] {"work_order", "title"},
          new String[] {"work_step", "note"},
          new String[] {"meter_access_wish", "reason"},
          new String[] {"erasure_request", "reason"},
          new String[] {"erasure_request", "whom"},
          new String[] {"erasure", "reason"});

  private final InstantSource clock;
  private final MeterRegistry meters;

  Erasure(MeterRegistry meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * What went.
   *
   * @param id the erasure's number
   * @param rows how many rows of which table were deleted or changed
   * @param legacy how many entries of the audit log are of before there were commitments, and hold
   *     it for ever
   */
  public record Result(long id, Map<String, Long> rows, long legacy) {
    public Result {
      rows = new LinkedHashMap<>(rows);
    }
  }

  /**
   * Erases a user's name.
   *
   * @throws StoreException where the user still has an account, or commands under way
   */
  public Result user(Tx tx, String name, Actor by, String reason) {
    Connection c = PgTx.of(tx);
    try {
      if (count(c, "SELECT count(*) FROM app_user WHERE lower(name) = lower(?)", name) > 0) {
        throw StoreException.at(
            Fault.Code.CONFLICT, "user", "still has an account: remove it first");
      }
      if (count(
              c,
              "SELECT count(*) FROM command WHERE lower(drafted_by) = lower(?) AND state IN"
                  + " ('DRAFTED', 'QUARANTINED', 'RELEASED', 'SIGNED', 'QUEUED', 'SENT',"
                  + " 'IN_DOUBT')",
              name)
          > 0) {
        throw StoreException.at(
            Fault.Code.CONFLICT, "user", "has commands under way: let them end, or refuse them");
      }
      long id = begin(c, "user", by, reason);
      String pseudonym = "erased-" + id;
      String pattern = word(name);
      Map<String, Long> rows = new LinkedHashMap<>();
      // the order holds its operator's name under a signature: it cannot be cut out
      add(
          rows,
          "command",
          run(c, "UPDATE command SET signed = NULL WHERE lower(drafted_by) = lower(?)", name));
      for (String[] place : NAMES) {
        add(
            rows,
            place[0],
            run(
                c,
                "UPDATE "
                    + place[0]
                    + " SET "
                    + place[1]
                    + " = ? WHERE lower("
                    + place[1]
                    + ") = lower(?)",
                pseudonym,
                name));
      }
      for (String[] place : WORDS) {
        add(
            rows,
            place[0],
            run(
                c,
                "UPDATE "
                    + place[0]
                    + " SET "
                    + place[1]
                    + " = regexp_replace("
                    + place[1]
                    + ", ?, '\\1' || ? || '\\2', 'gi') WHERE "
                    + place[1]
                    + " ~* ?",
                pattern,
                pseudonym,
                pattern));
      }
      add(
          rows,
          "audit_clear",
          run(
              c,
              "UPDATE audit_clear SET who = NULL, who_salt = NULL"
                  + " WHERE lower(encode(who, 'escape')) = lower(?)",
              name));
      add(
          rows,
          "audit_clear",
          run(
              c,
              "UPDATE audit_clear SET detail = NULL, detail_salt = NULL"
                  + " WHERE encode(detail, 'escape') ~* ?",
              pattern));
      long legacy =
          count(
              c,
              "SELECT count(*) FROM audit_log WHERE lower(actor) = lower(?)"
                  + " OR encode(detail, 'escape') ~* ?",
              name,
              pattern);
      return end(c, id, by, "user", rows, legacy);
    } catch (SQLException e) {
      throw StoreException.of("erasing a user", e);
    }
  }

  /**
   * Erases who held an account. Its number stays with its agreements and bills, which the law wants
   * kept; whose they were is known no more.
   *
   * @throws StoreException where the account is not known, or is still supplied
   */
  public Result account(Tx tx, String account, Actor by, String reason) {
    Connection c = PgTx.of(tx);
    try {
      ErasedAccount.check(c, account, clock.instant());
      long id = begin(c, "account", by, reason);
      Map<String, Long> rows = ErasedAccount.blank(c, account, by, clock.instant());
      return end(c, id, by, "account", rows, 0);
    } catch (SQLException e) {
      throw StoreException.of("erasing an account", e);
    }
  }

  /** The civil days that a span touches, in the meter's zone: their fingerprints change. */
  public TreeSet<LocalDate> days(Tx tx, MeterId meter, Instant since, Instant until) {
    ZoneId zone = known(meter).zone();
    TreeSet<LocalDate> days = new TreeSet<>();
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "SELECT DISTINCT day FROM interval_block WHERE meter = (SELECT id FROM meter WHERE"
                    + " meter_id = ?) AND day BETWEEN ? AND ?")) {
      s.setString(1, meter.value());
      s.setObject(2, LocalDate.ofInstant(since, zone));
      s.setObject(3, LocalDate.ofInstant(until, zone));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          days.add(r.getObject(1, LocalDate.class));
        }
      }
      return days;
    } catch (SQLException e) {
      throw StoreException.of("looking for a consumer's days", e);
    }
  }

  /**
   * Erases a consumer's time at a meter: readings, events, raw messages, and what people wrote of
   * it. Raw messages go from its beginning on, whatever their time: those that came later may tell
   * of it, too. The meter itself, its keys and counters stay.
   *
   * @param since the first instant
   * @param until the instant after the last
   * @throws StoreException where the meter is not known, or the span is empty
   */
  public Result term(Tx tx, MeterId meter, Instant since, Instant until, Actor by, String reason) {
    if (!since.isBefore(until)) {
      throw StoreException.at(Fault.Code.MALFORMED, "until", "is after since");
    }
    ZoneId zone = known(meter).zone();
    Connection c = PgTx.of(tx);
    try {
      int number = (int) count(c, "SELECT id FROM meter WHERE meter_id = ?", meter.value());
      long id = begin(c, "term", by, reason);
      Map<String, Long> rows = new LinkedHashMap<>();
      OffsetDateTime from = since.atOffset(ZoneOffset.UTC);
      OffsetDateTime to = until.atOffset(ZoneOffset.UTC);
      add(rows, "interval_block", ErasedSlots.blank(c, number, zone, since, until));
      for (String[] place :
          List.of(
              new String[] {"landing", "start"},
              new String[] {"slot_revision", "start"},
              new String[] {"slot_version", "start"},
              new String[] {"register_reading", "at"},
              new String[] {"momentary", "at"},
              new String[] {"outlet", "since"})) {
        add(
            rows,
            place[0],
            run(
                c,
                "DELETE FROM "
                    + place[0]
                    + " WHERE meter = ? AND "
                    + place[1]
                    + " >= ? AND "
                    + place[1]
                    + " < ?",
                number,
                from,
                to));
      }
      add(
          rows,
          "consumer_budget_alert",
          run(
              c,
              "DELETE FROM consumer_budget_alert a USING consumer_budget b WHERE b.id = a.budget"
                  + " AND a.at >= ? AND a.month < ? AND EXISTS (SELECT FROM service_point_term t"
                  + " WHERE t.meter = ? AND t.service_point = b.service_point AND t.since < ?"
                  + " AND (t.until IS NULL OR t.until > ?))",
              from,
              LocalDate.ofInstant(until, zone),
              number,
              to,
              from));
      add(
          rows,
          "alarm_evidence",
          run(
              c,
              "DELETE FROM alarm_evidence e USING alarm a WHERE a.id = e.alarm AND a.meter = ?"
                  + " AND e.at >= ? AND e.at < ?",
              number,
              from,
              to));
      add(
          rows,
          "alarm",
          run(
              c,
              "UPDATE alarm SET text = ? WHERE meter = ? AND first >= ? AND first < ?",
              GONE,
              number,
              from,
              to));
      add(
          rows,
          "case_step",
          run(
              c,
              "UPDATE case_step s SET note = ? FROM meter_case k WHERE k.id = s.case_id"
                  + " AND k.meter = ? AND s.at >= ? AND s.at < ?",
              GONE,
              number,
              from,
              to));
      add(
          rows,
          "alarm_queue",
          run(
              c,
              "DELETE FROM alarm_queue q USING event e WHERE e.id = q.event AND e.meter = ?"
                  + " AND e.at >= ? AND e.at < ?",
              number,
              from,
              to));
      add(
          rows,
          "event",
          run(c, "DELETE FROM event WHERE meter = ? AND at >= ? AND at < ?", number, from, to));
      add(
          rows,
          "evidence",
          ErasedEvidence.blank(c, number, LocalDate.ofInstant(since, ZoneOffset.UTC)));
      // the leaf stays, and says nothing without its salt
      add(
          rows,
          "evidence_leaf",
          run(
              c,
              "UPDATE evidence_leaf SET salt = NULL WHERE meter = ? AND salt IS NOT NULL"
                  + " AND day BETWEEN ? AND ?",
              number,
              LocalDate.ofInstant(since, zone),
              LocalDate.ofInstant(until, zone)));
      add(
          rows,
          "meter_day_signature",
          run(
              c,
              "DELETE FROM meter_day_signature WHERE meter = ? AND day_start >= ? AND day_start < ?",
              number,
              from,
              to));
      add(
          rows,
          "refused_message",
          run(c, "DELETE FROM refused_message WHERE meter = ? AND at >= ?", meter.value(), from));
      String points = points(c, number, from, to);
      add(
          rows,
          "service_point_term",
          run(
              c,
              "DELETE FROM service_point_term WHERE meter = ? AND since >= ? AND since < ?",
              number,
              from,
              to));
      add(
          rows,
          "meter",
          run(
              c,
              "UPDATE meter m SET service_point = '' WHERE id = ? AND service_point <> '' AND NOT"
                  + " EXISTS (SELECT FROM service_point_term t WHERE t.meter = m.id AND t.until IS"
                  + " NULL)",
              number));
      add(
          rows,
          "protected_meter",
          run(
              c,
              "DELETE FROM protected_meter WHERE meter = ? AND since >= ? AND since < ?",
              meter.value(),
              from,
              to));
      add(
          rows,
          "protection_lift",
          run(
              c,
              "UPDATE protection_lift SET reason = ? WHERE meter = ? AND asked >= ? AND asked < ?",
              GONE,
              meter.value(),
              from,
              to));
      add(
          rows,
          "command",
          run(
              c,
              "UPDATE command SET reason = ? WHERE meter = ? AND drafted >= ? AND drafted < ?",
              GONE,
              meter.value(),
              from,
              to));
      add(
          rows,
          "command_step",
          run(
              c,
              "UPDATE command_step s SET note = ? FROM command k WHERE k.id = s.command"
                  + " AND k.meter = ? AND s.note <> '' AND s.at >= ? AND s.at < ?",
              GONE,
              meter.value(),
              from,
              to));
      ErasedWork.blank(c, number, from, to).forEach((table, n) -> add(rows, table, n));
      String pattern = points.isEmpty() ? word(meter.value()) : word(meter.value()) + "|" + points;
      add(
          rows,
          "audit_clear",
          run(
              c,
              "UPDATE audit_clear x SET detail = NULL, detail_salt = NULL FROM audit_log l"
                  + " WHERE l.id = x.entry AND l.at >= ? AND l.at < ? AND (encode(x.detail,"
                  + " 'escape') ~ ? OR encode(x.who, 'escape') = ? OR EXISTS (SELECT FROM command k"
                  + " WHERE k.meter = ? AND starts_with(encode(x.detail, 'escape'), k.id::text)))",
              from,
              to,
              pattern,
              meter.value(),
              meter.value()));
      long legacy =
          count(
              c,
              "SELECT count(*) FROM audit_log WHERE at >= ? AND at < ? AND action <>"
                  + " 'integrity.vouched' AND encode(detail, 'escape') ~ ?",
              from,
              to,
              pattern);
      return end(c, id, by, "term", rows, legacy);
    } catch (SQLException e) {
      throw StoreException.of("erasing a consumer's time", e);
    }
  }

  private Meter known(MeterId meter) {
    return meters
        .byId(meter)
        .orElseThrow(() ->
            StoreException.at(
                Fault.Code.UNKNOWN_METER, "meter " + meter, "no such meter is known"));
  }

  private static String points(Connection c, int meter, OffsetDateTime from, OffsetDateTime to)
      throws SQLException {
    StringBuilder points = new StringBuilder();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT DISTINCT service_point FROM service_point_term WHERE meter = ? AND since >= ?"
                + " AND since < ? AND service_point <> ''")) {
      s.setInt(1, meter);
      s.setObject(2, from);
      s.setObject(3, to);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          points.append(points.isEmpty() ? "" : "|").append(word(r.getString(1)));
        }
      }
    }
    return points.toString();
  }

  private long begin(Connection c, String kind, Actor by, String reason) throws SQLException {
    if (reason.isBlank()) {
      throw StoreException.at(Fault.Code.MALFORMED, "reason", "say why, and at whose wish");
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO erasure (at, kind, by, reason) VALUES (?, ?, ?, ?) RETURNING id")) {
      s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
      s.setString(2, kind);
      s.setString(3, by.name());
      s.setString(4, reason);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  private Result end(
      Connection c, long id, Actor by, String kind, Map<String, Long> rows, long legacy)
      throws SQLException {
    rows.values().removeIf(n -> n == 0);
    // says that and how much, never whom
    String detail = "erasure " + id + ", " + kind + ": " + rows + ", legacy entries: " + legacy;
    StoredAuditLog.append(
        c,
        clock.instant(),
        by,
        "erasure.done",
        detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return new Result(id, rows, legacy);
  }

  /** A name as a word of its own, for PostgreSQL's regular expressions. */
  private static String word(String name) {
    String escaped = name.replaceAll("([^A-Za-z0-9])", "\\\\$1");
    return "(^|[^[:alnum:]_.-])" + escaped + "($|[^[:alnum:]_-])";
  }

  private static void add(Map<String, Long> rows, String table, long count) {
    rows.merge(table, count, Long::sum);
  }

  private static long run(Connection c, String sql, Object... values) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      return s.executeUpdate();
    }
  }

  private static long count(Connection c, String sql, Object... values) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        s.setObject(i + 1, values[i]);
      }
      try (ResultSet r = s.executeQuery()) {
        return r.next() ? r.getLong(1) : 0;
      }
    }
  }
}
