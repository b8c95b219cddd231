package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Tx;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.headend.integrity.DataWatch;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `retention:` deletes, table by table, of an office whose clock is the test's. */
class ReadingsRetentionIT {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode VOLTAGE = ObisCode.parse("1.0.32.7.0.255");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Actor VERA = new Actor(Actor.Kind.PERSON, "vera");
  private static final MeterId METER = new MeterId("RET-1");

  private static final Duration READINGS = Duration.ofDays(800);
  private static final Duration EVIDENCE = Duration.ofDays(400);
  private static final Instant NOW = Instant.parse("2026-11-20T03:00:00Z");

  /** 800 days before. */
  private static final LocalDate KEPT_FROM = LocalDate.parse("2024-09-11");

  /** What is deleted, and what of it is old. */
  private static final Map<String, String> OLD =
      Map.ofEntries(
          Map.entry("interval_block", "day < '2024-09-11'"),
          Map.entry("landing", "start < '2024-09-11 00:00:00+00'"),
          Map.entry("slot_revision", "start < '2024-09-11 00:00:00+00'"),
          Map.entry("slot_version", "start < '2024-09-11 00:00:00+00'"),
          Map.entry("register_reading", "at < '2024-09-11 00:00:00+00'"),
          Map.entry("momentary", "at < '2024-09-11 00:00:00+00'"),
          Map.entry("event", "at < '2024-09-11 00:00:00+00'"),
          Map.entry("alarm_evidence", "at < '2024-09-11 00:00:00+00'"),
          Map.entry("alarm", "last < '2024-09-11 00:00:00+00' AND closed IS NOT NULL"),
          // raw messages by the month of their receipt, 400 days before: 2025-10-16
          Map.entry("evidence", "day < '2025-10-01'"),
          Map.entry("evidence_segment", "day < '2025-10-01'"));

  /** What vouches for the days that are gone, and says who did it. */
  private static final Set<String> VOUCHING =
      Set.of("fingerprint_day", "integrity_link", "audit_log", "audit_clear", "audit_leaf");

  @TempDir private Path folder;
  private Instant now = NOW;
  private long counter;
  private final List<Message> told = new ArrayList<>();

  @Test
  @DisplayName(
      "C33: readings, raw captures, what was derived from them and evidence beyond their retention"
          + " are deleted, and nothing else is")
  void retention() throws Exception {
    StoreSettings settings = new StoreSettings(folder, new StoreSettings.Embedded(0), EVIDENCE);
    try (Store store = Store.open(settings, () -> now)) {
      store
          .meters()
          .put(
              new Meter(
                  METER,
                  METER.value(),
                  new byte[0],
                  "generic",
                  ZoneOffset.UTC,
                  Meter.State.ACTIVE,
                  Meter.PushPolicy.AUTHENTICATED),
              "");
      day(store, "2024-01-09");
      day(store, KEPT_FROM.minusDays(1).toString());
      day(store, KEPT_FROM.toString());
      day(store, "2025-09-14"); // its raw messages are beyond 400 days, its readings are kept
      day(store, "2025-10-17");
      day(store, "2026-11-18");
      now = NOW;
      DataWatch watch = watch(store);
      for (int i = 0; i < 12; i++) {
        watch.look();
      }
      // single slots that were not folded yet when the hour of deleting comes
      commit(store, single("2024-05-01T00:00:00Z"), single("2026-11-19T00:00:00Z"));

      sql(store, "DELETE FROM alarm_queue"); // as the desk leaves it that has judged them

      Map<String, Set<String>> before = everything(store);
      Map<String, Set<String>> old = new TreeMap<>();
      for (Map.Entry<String, String> one : OLD.entrySet()) {
        old.put(one.getKey(), rows(store, one.getKey(), " WHERE " + one.getValue()));
        assertThat(old.get(one.getKey())).as("old rows of %s", one.getKey()).isNotEmpty();
        assertThat(before.get(one.getKey()))
            .as("younger rows of %s", one.getKey())
            .hasSizeGreaterThan(old.get(one.getKey()).size());
      }

      ErasureDesk desk = new ErasureDesk(store, watch, READINGS, () -> now);
      desk.retain();
      store.evidence().retain();

      Map<String, Set<String>> after = everything(store);
      assertThat(after.keySet()).isEqualTo(before.keySet());
      before.forEach((table, rows) -> {
        Set<String> gone = new HashSet<>(rows);
        gone.removeAll(after.get(table));
        Set<String> fresh = new HashSet<>(after.get(table));
        fresh.removeAll(rows);
        if (!table.equals("fingerprint_day")) { // a day's row says now that it is empty
          assertThat(gone).as("gone from %s", table).isEqualTo(old.getOrDefault(table, Set.of()));
        }
        if (!VOUCHING.contains(table)) {
          assertThat(fresh).as("new in %s", table).isEmpty();
        }
      });
      assertThat(watch.checkAll()).as("a deleted day is no edited one").isEmpty();
      for (int i = 0; i < 3; i++) {
        watch.look();
      }
      assertThat(told).isEmpty();

      // the same hour again finds nothing, and so does an office that keeps readings for ever
      Map<String, Set<String>> stands = everything(store);
      desk.retain();
      new ErasureDesk(store, watch, Duration.ZERO, () -> now.plus(Duration.ofDays(9_000))).retain();
      assertThat(everything(store)).isEqualTo(stands);
    }
  }

  // --- what there is of each day

  private void day(Store store, String date) throws SQLException {
    LocalDate day = LocalDate.parse(date);
    Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
    now = start.plus(Duration.ofHours(30));
    long[] values = new long[96];
    Arrays.setAll(values, i -> 100 + i);
    commit(
        store,
        new Usage(
            METER,
            List.of(
                new Reading(VOLTAGE, start, new ScaledValue(2301, -1, Unit.VOLT), Quality.GOOD)),
            List.of(),
            List.of(
                new IntervalBlock(
                    METER,
                    ENERGY,
                    Layer.RAW,
                    Day.of(day, ZoneOffset.UTC, QUARTER),
                    0,
                    Unit.WATT_HOUR,
                    values,
                    new byte[0])),
            List.of(new Capture(REGISTER, ENERGY, start, QUARTER, energy(5_000), 0, Quality.GOOD))),
        new Billing(METER, List.of(new Reading(REGISTER, start, energy(7_000), Quality.GOOD))),
        new Warning(
            METER,
            new EventId(Uuid7.named(start, "event " + date)),
            start,
            "power.down",
            Severity.INFO,
            "It had no power."));
    // the same slot with another value: a revision
    commit(store, single(start.toString()));
    store.folding().fold();
    append(store, start);
    sql(
        store,
        "INSERT INTO alarm (first, last, raised, changed, closed, meter, severity, sources, lasting,"
            + " word, text) SELECT '%1$s', '%1$s', '%1$s', '%1$s', '%1$s', id, 1, 1, false,"
                .formatted(start)
            + " 'test.closed %s', '' FROM meter".formatted(date),
        "INSERT INTO alarm (first, last, raised, changed, meter, severity, sources, lasting, word,"
            + " text) SELECT '%1$s', '%1$s', '%1$s', '%1$s', id, 1, 1, false,".formatted(start)
            + " 'test.open %s', '' FROM meter".formatted(date),
        "INSERT INTO alarm_evidence (at, alarm, segment, event, day, place, length, source) SELECT"
            + " '%s', id, 1, gen_random_uuid(), '%s', 0, 1, 0 FROM alarm WHERE word LIKE '%%%s'"
                .formatted(start, date, date));
    Consumer<Tx> audited =
        tx -> {
          long unused = store.auditLog().append(tx, VERA, "test.did", new byte[] {1});
        };
    store
        .unitOfWork()
        .call(tx -> {
          audited.accept(tx);
          return tx;
        });
  }

  private void append(Store store, Instant start) {
    SlotVersions.Version version =
        new SlotVersions.Version(
            start,
            0,
            OptionalLong.of(42),
            Quality.GOOD,
            "",
            "by hand",
            VERA,
            "the consumer's own record",
            now);
    store
        .unitOfWork()
        .call(tx -> {
          store
              .slotVersions()
              .append(
                  tx,
                  METER,
                  new SlotVersions.Channel(ENERGY, QUARTER, Unit.WATT_HOUR, 0),
                  List.of(version));
          return tx;
        });
  }

  private static Usage single(String start) {
    Slot slot = new Slot(ENERGY, Instant.parse(start), QUARTER, energy(987), Quality.GOOD);
    return new Usage(METER, List.of(), List.of(slot), List.of(), List.of());
  }

  private static ScaledValue energy(long wattHours) {
    return new ScaledValue(wattHours, 0, Unit.WATT_HOUR);
  }

  private void commit(Store store, Message... content) {
    for (Message one : content) {
      byte[] raw = ("raw " + ++counter).getBytes(StandardCharsets.UTF_8);
      Received received =
          new Received(
              new MessageId(METER, new byte[] {1}, counter, sha256(raw)),
              new ChannelId("dlms", "test"),
              now,
              Assurance.MAC,
              raw,
              List.of(one));
      assertThat(store.intake().commit(List.of(received)))
          .containsExactly(new Intake.Outcome.Stored());
    }
  }

  // --- the office

  private DataWatch watch(Store store) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new DataWatch(
        store.unitOfWork(),
        store.integrity(),
        store.auditLog(),
        Signer.of(generator.generateKeyPair()),
        store.meters(),
        message -> {
          told.addAll(message.content());
          return CompletableFuture.completedFuture(new Intake.Outcome.Stored());
        },
        () -> store.folding().fold(),
        () -> now);
  }

  /** Every row of every table, as text. */
  private static Map<String, Set<String>> everything(Store store) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT"
                    + " relispartition")) {
      while (r.next()) {
        tables.add(r.getString(1));
      }
    }
    Map<String, Set<String>> all = new TreeMap<>();
    for (String table : tables) {
      all.put(table, rows(store, table, ""));
    }
    return all;
  }

  private static Set<String> rows(Store store, String table, String which) throws SQLException {
    Set<String> rows = new HashSet<>();
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT t::text FROM " + table + " t" + which)) {
      while (r.next()) {
        rows.add(r.getString(1));
      }
    }
    return rows;
  }

  private static void sql(Store store, String... statements) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      for (String one : statements) {
        s.executeUpdate(one);
      }
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
