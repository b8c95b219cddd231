package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.store.Messages.ENERGY;
import static org.gridwarden.store.Messages.block;
import static org.gridwarden.store.Messages.blocks;
import static org.gridwarden.store.Messages.counted;
import static org.gridwarden.store.Messages.slot;
import static org.gridwarden.store.Messages.slots;
import static org.gridwarden.store.Messages.values;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.security.audit.ClearText;
import org.gridwarden.security.audit.LogEntry;
import org.gridwarden.security.audit.TreeHash;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ErasureIT {
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final Actor MINNA = new Actor(Actor.Kind.PERSON, "minna.canary");
  private static final MeterId METER = new MeterId("E1");
  private static final MeterId OTHER = new MeterId("E2");
  private static final byte[] NONE = {};

  private Path data = Path.of("");

  @BeforeEach
  void makeFolder() throws Exception {
    data = Files.createTempDirectory("gridwarden-erasure");
  }

  @AfterEach
  void removeFolder() {
    SharedStore.remove(data);
  }

  @Test
  @DisplayName(
      "C33: names stand in the log as salted commitments; an erased user is in no table any more,"
          + " and the tree stands")
  void user() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      append(store, MINNA, "test.did", "minna.canary looked at minna");
      append(store, SAM, "test.about", "the account minna.canary was locked");
      append(store, SAM, "test.other", "nothing of minna.canaryx");
      sql(
          store,
          "INSERT INTO command (id, drafted, not_before, expires, due, meter, feeder, word,"
              + " parameters, reason, drafted_by, state, switching, signed) VALUES"
              + " (gen_random_uuid(), now(), now(), now(), now(), 'E1', '', 'disconnect', '', 'as"
              + " minna.canary asked', 'Minna.Canary', 'CONFIRMED', true, 'minna.canary')");
      assertThat(
              text(
                  store,
                  "SELECT string_agg(actor, ' ') FROM audit_log WHERE action LIKE" + " 'test.%'"))
          .doesNotContain("minna")
          .contains("sha256:");
      long size = store.auditTree().grow();
      TreeHash root = store.auditTree().root(size);

      Function<Tx, Erasure.Result> erase =
          tx -> store.erasure().user(tx, "minna.canary", SAM, "left, and asked for it");
      Erasure.Result result = store.unitOfWork().call(erase);
      assertThat(result.legacy()).isZero();
      assertThat(everything(store))
          .noneMatch(row -> row.toLowerCase().matches("(?s).*minna\\.canary(?!x).*"));
      assertThat(store.auditTree().root(size)).isEqualTo(root);
      List<LogEntry> entries = new ArrayList<>();
      List<ClearText> clears = new ArrayList<>();
      store
          .auditTree()
          .walk((leaf, entry, clear) -> {
            entries.add(entry.orElseThrow());
            clears.add(clear);
          });
      for (int i = 0; i < entries.size(); i++) {
        clears.get(i).check(entries.get(i));
      }
      assertThat(clears.getFirst().who(entries.getFirst())).isEqualTo("(erased)");
      assertThat(clears.get(1).who(entries.get(1))).isEqualTo("sam");
      assertThat(clears.get(1).detail(entries.get(1))).isEqualTo("(erased)");
      assertThat(clears.get(2).detail(entries.get(2))).isEqualTo("nothing of minna.canaryx");
      assertThat(store.auditTrail().before(Long.MAX_VALUE, 1).getFirst().action())
          .isEqualTo("erasure.done");
    }
  }

  @Test
  @DisplayName(
      "C33: a consumer's time at a meter is in no table any more, the next one's is whole, and so"
          + " are other meters' raw messages in the same segment")
  void term() throws Exception {
    Instant since = Instant.parse("2026-03-01T00:00:00Z");
    Instant until = Instant.parse("2026-03-02T12:00:00Z");
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      SharedStore.register(store, METER);
      SharedStore.register(store, OTHER);
      var day1 = blocks(block(METER, "2026-03-01", ZoneOffset.UTC, values(96, 1234), NONE));
      var day2 = blocks(block(METER, "2026-03-02", ZoneOffset.UTC, values(96, 2345), NONE));
      var others = blocks(block(OTHER, "2026-03-01", ZoneOffset.UTC, values(96, 77), NONE));
      assertThat(
              store
                  .intake()
                  .commit(
                      List.of(
                          counted(METER, 1, day1),
                          counted(OTHER, 1, others),
                          counted(METER, 2, day2),
                          counted(
                              METER, 3, slots(METER, slot("2026-03-01T03:00:00Z", 987_654_321))))))
          .containsOnly(new Outcome.Stored());
      LocalDate today = LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC);
      assertThat(store.evidence().of(METER, today)).hasSize(3);
      sql(
          store,
          "INSERT INTO service_point_term (since, until, meter, service_point) SELECT"
              + " '2026-03-01 00:00:00+00', '2026-03-02 12:00:00+00', id, 'Canary Street 7' FROM"
              + " meter WHERE meter_id = 'E1'",
          "INSERT INTO protected_meter (since, meter, reason, by) VALUES ('2026-03-01"
              + " 10:00:00+00', 'E1', 'canary dialysis', 'sam')");

      Function<Tx, Erasure.Result> erase =
          tx -> store.erasure().term(tx, METER, since, until, SAM, "moved out");
      Erasure.Result result = store.unitOfWork().call(erase);
      assertThat(result.rows()).containsKeys("interval_block", "evidence", "protected_meter");

      try (var left = store.readings().slots(METER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
        assertThat(left.toList())
            .hasSize(48)
            .allSatisfy(s -> assertThat(s.start()).isAfterOrEqualTo(until));
      }
      try (var whole = store.readings().slots(OTHER, ENERGY, Layer.RAW, Instant.MIN, Instant.MAX)) {
        assertThat(whole.toList()).hasSize(96);
      }
      assertThat(store.evidence().of(METER, today)).isEmpty();
      assertThat(store.evidence().of(OTHER, today))
          .singleElement()
          .satisfies(raw ->
              assertThat(new String(raw.bytes(), StandardCharsets.UTF_8))
                  .isEqualTo("E2 counter 1"));
      assertThat(segments(store)).doesNotContain("E1 counter").contains("E2 counter 1");
      assertThat(everything(store)).noneMatch(row -> row.matches("(?is).*canary.*"));
      assertThat(everything(store))
          .noneMatch(row -> row.contains("1240,1241") || row.contains("987654321"));
      // the window still knows what came
      assertThat(store.intake().commit(List.of(counted(METER, 1, day1))).getFirst())
          .isNotEqualTo(new Outcome.Stored());
    }
  }

  @Test
  @DisplayName(
      "C33: who still has an account or commands under way is not erased; a reason is given")
  void refused() throws Exception {
    try (Store store = Store.open(StoreSettings.embedded(data))) {
      sql(
          store,
          "INSERT INTO app_user (created, version, must_change, name, roles, password_hash) VALUES"
              + " (now(), 1, false, 'minna', '{OPERATOR}', 'x')");
      Function<Tx, Erasure.Result> account = tx -> store.erasure().user(tx, "Minna", SAM, "asked");
      assertThatThrownBy(() -> store.unitOfWork().call(account))
          .hasMessageContaining("still has an account");
      Function<Tx, Erasure.Result> silent = tx -> store.erasure().user(tx, "otto", SAM, " ");
      assertThatThrownBy(() -> store.unitOfWork().call(silent)).hasMessageContaining("say why");
      Function<Tx, Erasure.Result> unknown =
          tx ->
              store
                  .erasure()
                  .term(tx, new MeterId("NONE"), Instant.EPOCH, Instant.now(), SAM, "asked");
      assertThatThrownBy(() -> store.unitOfWork().call(unknown))
          .hasMessageContaining("no such meter");
    }
  }

  /** Every row of every table, as text. */
  private static List<String> everything(Store store) throws Exception {
    List<String> rows = new ArrayList<>();
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (var r =
          s.executeQuery(
              "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " c.relnamespace WHERE n.nspname = 'public' AND relkind IN ('r', 'p') AND NOT"
                  + " relispartition")) {
        while (r.next()) {
          tables.add(r.getString(1));
        }
      }
      s.execute("SET bytea_output = 'escape'");
      for (String table : tables) {
        try (var r = s.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (r.next()) {
            rows.add(table + " " + r.getString(1));
          }
        }
      }
    }
    return rows;
  }

  private static String segments(Store store) throws Exception {
    StringBuilder all = new StringBuilder();
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery("SELECT id, size, compressed FROM evidence_segment")) {
      while (r.next()) {
        all.append(
            new String(
                Evidence.inflate(r.getLong(1), r.getBytes(3), r.getInt(2)),
                StandardCharsets.UTF_8));
      }
    }
    return all.toString();
  }

  private static void append(Store store, Actor who, String action, String detail) {
    Function<Tx, Long> work =
        tx -> store.auditLog().append(tx, who, action, detail.getBytes(StandardCharsets.UTF_8));
    var unused = store.unitOfWork().call(work);
  }

  private static void sql(Store store, String... statements) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      for (String statement : statements) {
        s.execute(statement);
      }
    }
  }

  private static String text(Store store, String sql) throws Exception {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getString(1);
    }
  }
}
