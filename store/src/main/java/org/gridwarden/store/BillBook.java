package org.gridwarden.store;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.gridwarden.core.Tx;
import org.jspecify.annotations.Nullable;

/** Bills as they were issued; none is ever changed. Thread-safe. */
public final class BillBook {
  private static final long LOCK = 0x4757_4249_4C4C_5321L; // GWBILLS!

  /** A longer document is not kept: a year of quarter-hours is a twentieth of it. */
  public static final int LONGEST = 32 << 20;

  private static final String COLUMNS =
      "b.number, b.kind, b.issued, b.account, b.service_point, b.period_from, b.period_to,"
          + " b.edition, b.total, b.currency, b.replaces, b.run, b.leaf,"
          + " (SELECT x.number FROM bill x WHERE x.replaces = b.number AND x.kind = 'credit')";

  private final Transactions transactions;
  private final InstantSource clock;

  BillBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /** What it is. */
  public enum Kind {
    BILL,
    /** Takes a bill back, whole. */
    CREDIT
  }

  /**
   * A bill's head.
   *
   * @param number as it is printed
   * @param from the period's first civil day
   * @param to the day after its last
   * @param edition how often this period was billed, this time among them
   * @param total below zero where it is paid to the consumer
   * @param replaces the bill that this credits, or that was credited before this; empty for most
   * @param leaf its place in the evidence tree
   * @param creditedBy the credit that took it back; empty while it stands
   */
  public record Head(
      String number,
      Kind kind,
      Instant issued,
      String account,
      String servicePoint,
      LocalDate from,
      LocalDate to,
      int edition,
      BigDecimal total,
      String currency,
      Optional<String> replaces,
      UUID run,
      long leaf,
      Optional<String> creditedBy) {
    /** Whether it is a bill that was not taken back. */
    public boolean stands() {
      return kind == Kind.BILL && creditedBy.isEmpty();
    }
  }

  /**
   * A bill.
   *
   * @param document its canonical JSON
   * @param customer to whom it was made out, canonical JSON; empty where that was erased
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Stored(Head head, byte[] document, Optional<byte[]> customer) {}

  /** Holds all billing until the transaction ends: two runs never bill the same. */
  public void hold(Tx tx) {
    try (PreparedStatement lock = PgTx.of(tx).prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      lock.execute();
    } catch (SQLException e) {
      throw StoreException.of("waiting for another billing run", e);
    }
  }

  /**
   * The next number of a year, {@code 2026-000001} say; without a gap where the billing commits.
   */
  public String number(Tx tx, int year) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO bill_number AS n (year, last) VALUES (?, 1) ON CONFLICT (year)"
                    + " DO UPDATE SET last = n.last + 1 RETURNING last")) {
      s.setInt(1, year);
      try (ResultSet r = s.executeQuery()) {
        r.next();
        return String.format(Locale.ROOT, "%04d-%06d", year, r.getLong(1));
      }
    } catch (SQLException e) {
      throw StoreException.of("numbering a bill", e);
    }
  }

  /** Adds a bill. */
  public void add(Tx tx, Stored bill) {
    Head head = bill.head();
    if (bill.document().length > LONGEST) {
      throw StoreException.at("bill " + head.number(), "is longer than any bill may be");
    }
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO bill (number, kind, issued, account, service_point, period_from,"
                    + " period_to, edition, total, currency, replaces, run, leaf, document)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      s.setString(1, head.number());
      s.setString(2, head.kind().name().toLowerCase(Locale.ROOT));
      s.setObject(3, head.issued().atOffset(ZoneOffset.UTC));
      s.setString(4, head.account());
      s.setString(5, head.servicePoint());
      s.setObject(6, head.from());
      s.setObject(7, head.to());
      s.setInt(8, head.edition());
      s.setBigDecimal(9, head.total());
      s.setString(10, head.currency());
      s.setString(11, head.replaces().orElse(null));
      s.setObject(12, head.run());
      s.setLong(13, head.leaf());
      s.setBytes(14, deflate(bill.document()));
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("keeping a bill", e);
    }
    if (bill.customer().isPresent()) {
      try (PreparedStatement s =
          PgTx.of(tx)
              .prepareStatement(
                  "INSERT INTO bill_customer (number, account, clear) VALUES (?, ?, ?)")) {
        s.setString(1, head.number());
        s.setString(2, head.account());
        s.setBytes(3, bill.customer().get());
        s.executeUpdate();
      } catch (SQLException e) {
        throw StoreException.of("keeping to whom a bill was made out", e);
      }
    }
  }

  /** Bills and credits of a service point that touch a period, the latest first. */
  public List<Head> touching(String servicePoint, LocalDate from, LocalDate to) {
    return transactions.run("reading bills", c -> touching(c, servicePoint, from, to));
  }

  /** The same within a transaction. */
  public List<Head> touching(Tx tx, String servicePoint, LocalDate from, LocalDate to) {
    try {
      return touching(PgTx.of(tx), servicePoint, from, to);
    } catch (SQLException e) {
      throw StoreException.of("reading bills", e);
    }
  }

  private static List<Head> touching(
      Connection c, String servicePoint, LocalDate from, LocalDate to) throws SQLException {
    return heads(
        c,
        "WHERE b.service_point = ? AND b.period_from < ? AND b.period_to > ?"
            + " ORDER BY b.issued DESC, b.number DESC",
        servicePoint,
        to,
        from);
  }

  /**
   * A page of bills, the latest number first.
   *
   * @param account of this account only; null for all
   * @param servicePoint of this service point only; null for all
   * @param run of this run only; null for all
   * @param before only numbers before this one; null from the latest on
   */
  public List<Head> list(
      @Nullable String account,
      @Nullable String servicePoint,
      @Nullable UUID run,
      @Nullable String before,
      int size) {
    return transactions.run(
        "reading bills",
        c ->
            heads(
                c,
                "WHERE (?::text IS NULL OR b.account = ?) AND (?::text IS NULL OR"
                    + " b.service_point = ?) AND (?::uuid IS NULL OR b.run = ?)"
                    + " AND (?::text IS NULL OR b.number < ?) ORDER BY b.number DESC LIMIT ?",
                account,
                account,
                servicePoint,
                servicePoint,
                run,
                run,
                before,
                before,
                size));
  }

  /** A bill by its number. */
  public Optional<Stored> find(String number) {
    return transactions.run(
        "reading a bill",
        c -> {
          List<Head> heads = heads(c, "WHERE b.number = ?", number);
          if (heads.isEmpty()) {
            return Optional.empty();
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT b.document, x.clear FROM bill b LEFT JOIN bill_customer x"
                      + " ON x.number = b.number WHERE b.number = ?")) {
            s.setString(1, number);
            try (ResultSet r = s.executeQuery()) {
              r.next();
              return Optional.of(
                  new Stored(
                      heads.getFirst(),
                      inflate(number, r.getBytes(1)),
                      Optional.ofNullable(r.getBytes(2))));
            }
          }
        });
  }

  private static List<Head> heads(Connection c, String which, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement s = c.prepareStatement("SELECT " + COLUMNS + " FROM bill b " + which)) {
      for (int i = 0; i < arguments.length; i++) {
        s.setObject(i + 1, arguments[i]);
      }
      List<Head> heads = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          heads.add(
              new Head(
                  r.getString(1),
                  Kind.valueOf(r.getString(2).toUpperCase(Locale.ROOT)),
                  r.getObject(3, OffsetDateTime.class).toInstant(),
                  r.getString(4),
                  r.getString(5),
                  r.getObject(6, LocalDate.class),
                  r.getObject(7, LocalDate.class),
                  r.getInt(8),
                  r.getBigDecimal(9),
                  r.getString(10),
                  Optional.ofNullable(r.getString(11)),
                  r.getObject(12, UUID.class),
                  r.getLong(13),
                  Optional.ofNullable(r.getString(14))));
        }
      }
      return heads;
    }
  }

  /**
   * A run and how far it is.
   *
   * @param ended empty while it runs, or where its process died
   * @param points how many agreements were looked at
   * @param before how many were billed by an earlier run
   * @param totals what was billed, by currency
   * @param failure why it ended early; empty for most
   */
  public record Run(
      UUID id,
      Instant started,
      Optional<Instant> ended,
      LocalDate from,
      LocalDate to,
      boolean dry,
      String by,
      long points,
      long billed,
      long before,
      long blocked,
      String totals,
      String failure) {}

  /**
   * What a run did not bill.
   *
   * @param reason in a word: held, missing, ...
   * @param detail where, and what to do
   */
  public record Blocked(String servicePoint, String account, String reason, String detail) {}

  /** Begins a run. */
  public void begin(Run run) {
    transactions.run(
        "beginning a billing run",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO bill_run (id, started, period_from, period_to, dry, by)"
                      + " VALUES (?, ?, ?, ?, ?, ?)")) {
            s.setObject(1, run.id());
            s.setObject(2, run.started().atOffset(ZoneOffset.UTC));
            s.setObject(3, run.from());
            s.setObject(4, run.to());
            s.setBoolean(5, run.dry());
            s.setString(6, run.by());
            return s.executeUpdate();
          }
        });
  }

  /** Notes how far a run is, and what of it is blocked since the last note. */
  public void note(Tx tx, Run run, List<Blocked> blocked) {
    try (PreparedStatement s =
            PgTx.of(tx)
                .prepareStatement(
                    "UPDATE bill_run SET ended = ?, points = ?, billed = ?, before = ?,"
                        + " blocked = ?, totals = ?, failure = ? WHERE id = ?");
        PreparedStatement b =
            PgTx.of(tx)
                .prepareStatement(
                    "INSERT INTO bill_blocked (run, service_point, account, reason, detail)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      s.setObject(1, run.ended().map(e -> e.atOffset(ZoneOffset.UTC)).orElse(null));
      s.setLong(2, run.points());
      s.setLong(3, run.billed());
      s.setLong(4, run.before());
      s.setLong(5, run.blocked());
      s.setString(6, run.totals());
      s.setString(7, run.failure());
      s.setObject(8, run.id());
      s.executeUpdate();
      for (Blocked one : blocked) {
        b.setObject(1, run.id());
        b.setString(2, one.servicePoint());
        b.setString(3, one.account());
        b.setString(4, one.reason());
        b.setString(5, one.detail());
        b.addBatch();
      }
      b.executeBatch();
    } catch (SQLException e) {
      throw StoreException.of("noting how far a billing run is", e);
    }
  }

  /** Ends, as failed, runs of processes that died. */
  public void abandon() {
    transactions.run(
        "ending billing runs that died",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE bill_run SET ended = ?, failure = 'the server stopped amid it: run it"
                      + " again, what was billed stays' WHERE ended IS NULL")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            return s.executeUpdate();
          }
        });
  }

  /** A run by its id. */
  public Optional<Run> run(UUID id) {
    return runs("WHERE id = ?", id).stream().findFirst();
  }

  /** The latest runs, the latest first. */
  public List<Run> runs(int size) {
    return runs("ORDER BY started DESC LIMIT ?", size);
  }

  private List<Run> runs(String which, Object argument) {
    return transactions.run(
        "reading billing runs",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT id, started, ended, period_from, period_to, dry, by, points, billed,"
                      + " before, blocked, totals, failure FROM bill_run "
                      + which)) {
            s.setObject(1, argument);
            List<Run> runs = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                runs.add(
                    new Run(
                        r.getObject(1, UUID.class),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(r.getObject(3, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant),
                        r.getObject(4, LocalDate.class),
                        r.getObject(5, LocalDate.class),
                        r.getBoolean(6),
                        r.getString(7),
                        r.getLong(8),
                        r.getLong(9),
                        r.getLong(10),
                        r.getLong(11),
                        r.getString(12),
                        r.getString(13)));
              }
            }
            return runs;
          }
        });
  }

  /** What a run did not bill, by service point, from one on. */
  public List<Blocked> blocked(UUID run, String after, int size) {
    return transactions.run(
        "reading what is blocked",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT service_point, account, reason, detail FROM bill_blocked"
                      + " WHERE run = ? AND service_point > ? ORDER BY service_point, account"
                      + " LIMIT ?")) {
            s.setObject(1, run);
            s.setString(2, after);
            s.setInt(3, size);
            List<Blocked> found = new ArrayList<>();
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(
                    new Blocked(r.getString(1), r.getString(2), r.getString(3), r.getString(4)));
              }
            }
            return found;
          }
        });
  }

  private static byte[] deflate(byte[] bytes) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3 + 64);
      byte[] part = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(part, 0, deflater.deflate(part));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(String number, byte[] compressed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      ByteArrayOutputStream out = new ByteArrayOutputStream(compressed.length * 4);
      byte[] part = new byte[1 << 14];
      while (!inflater.finished()) {
        int n = inflater.inflate(part);
        if (n == 0 || out.size() + n > LONGEST) {
          throw StoreException.at("bill " + number, "is damaged; restore a backup");
        }
        out.write(part, 0, n);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw StoreException.at("bill " + number, "is damaged; restore a backup", e);
    } finally {
      inflater.end();
    }
  }
}
