package org.gridwarden.store.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Tx;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Account;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the login of analytics gets from a real database, and what it does not. */
class AnalyticsViewIT {
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final LocalDate DAY = LocalDate.of(2026, 10, 14);
  private static final Instant LONG_AGO = Instant.parse("2025-12-31T23:00:00Z");

  @TempDir private static Path folder;
  private static Store store;
  private static AnalyticsView view;

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder));
    view = store.analytics(Optional.empty());
  }

  @AfterAll
  static void close() {
    view.close();
    store.close();
  }

  private static MeterId meter(String id, String point) throws SQLException {
    MeterId meter = new MeterId(id);
    store
        .meters()
        .put(
            new Meter(
                meter,
                id,
                new byte[0],
                "generic",
                ZURICH,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            point);
    sql(
        "UPDATE service_point_term SET since = '"
            + LONG_AGO
            + "' WHERE service_point = '"
            + point
            + "'");
    return meter;
  }

  private static String supplied(String point, String tariff) {
    String account =
        store
            .accounts()
            .open(
                "",
                new Account.Holder("Canary Name", "Canary Street 3", "8004 Zurich", "", "", "de"),
                SAM)
            .id();
    store.agreements().moveIn(account, point, tariff, LONG_AGO, false, SAM);
    return account;
  }

  private static void measure(MeterId meter, LocalDate date, int missing) {
    Day day = Day.of(date, ZURICH, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    Arrays.fill(values, 250);
    Arrays.fill(quality, 0, missing, Quality.MISSING);
    store
        .unitOfWork()
        .call(tx -> {
          store
              .blocks()
              .merge(
                  tx,
                  List.of(
                      new IntervalBlock(
                          meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality)));
          return 0;
        });
  }

  private static List<CurveDay> day(LocalDate day) {
    List<CurveDay> rows = new ArrayList<>();
    view.day(day, rows::add);
    return rows;
  }

  private static void sql(String text) throws SQLException {
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement()) {
      s.execute(text);
    }
  }

  @Test
  @DisplayName(
      "C32: the login of analytics reads no table: no name, no meter's id, no service point")
  void readsNothingElse() throws Exception {
    List<String> all = new ArrayList<>();
    try (Connection c = store.dataSource().getConnection();
        Statement s = c.createStatement();
        ResultSet r =
            s.executeQuery(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                    + " c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v',"
                    + " 'S')")) {
      while (r.next()) {
        all.add(r.getString(1));
      }
    }
    assertThat(all).contains("meter", "account", "interval_block", "app_user", "interval_reading");
    List<String> readable = new ArrayList<>();
    for (String one : all) {
      try (Connection c = view.connection();
          Statement s = c.createStatement();
          ResultSet r = s.executeQuery("SELECT * FROM " + one + " LIMIT 0")) {
        readable.add(one);
        for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
          assertThat(r.getMetaData().getColumnName(i))
              .isNotIn("meter_id", "serial", "service_point", "system_title", "account", "name");
        }
      } catch (SQLException e) {
        assertThat(e.getMessage()).contains("permission denied");
      }
    }
    assertThat(readable).containsExactlyInAnyOrder("analytics_day", "analytics_mark");
    try (Connection c = view.connection();
        Statement s = c.createStatement()) {
      c.setReadOnly(false);
      assertThatThrownBy(() -> s.execute("CREATE TABLE mine (a int)"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> s.execute("SET ROLE gridwarden"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> s.execute("DELETE FROM analytics_mark"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  @DisplayName(
      "C32: a row holds slots as they count and groups that are coarse, under an inner number")
  void rows() throws Exception {
    MeterId meter = meter("CANARY-1", "CANARY-POINT-1");
    supplied("CANARY-POINT-1", "flat");
    store.meters().setFeeder(meter, "F1");
    measure(meter, DAY, 4);
    SlotVersions.Channel channel =
        new SlotVersions.Channel(ENERGY, Duration.ofMinutes(15), Unit.WATT_HOUR, 0);
    Instant start = DAY.atStartOfDay(ZURICH).toInstant();
    Function<Tx, Integer> estimate =
        tx -> {
          sqlIn(
              "INSERT INTO slot_version (start, at, value, version, meter, channel, quality, cause,"
                  + " method, kind, by) SELECT '"
                  + start
                  + "'::timestamptz + n * interval '15 minutes',"
                  + " now(), 100 + n, 1, m.id, c.id, 16, 'gap', 'line', 'MACHINE', 'vee' FROM"
                  + " generate_series(0, 2) n, meter m, channel c WHERE m.meter_id = 'CANARY-1' AND c.code"
                  + " = '"
                  + channel.obis()
                  + "'");
          return 0;
        };
    var unused = store.unitOfWork().call(estimate);

    CurveDay row = day(DAY).stream().filter(r -> r.feeder().equals("F1")).findFirst().orElseThrow();
    assertThat(row.toString()).doesNotContain("CANARY", "Canary");
    assertThat(row.tariff()).isEqualTo("flat");
    assertThat(row.area()).isEqualTo("80");
    assertThat(row.zone()).isEqualTo("Europe/Zurich");
    assertThat(row.subject()).matches("household/[0-9]+");
    assertThat(row.slots()).hasSize(96).startsWith(100, 101, 102).endsWith(250);
    assertThat(row.known()).startsWith(true, true, true, false, true);
  }

  private static void sqlIn(String text) {
    try {
      sql(text);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName(
      "C32 C33: an erased account's household and a quarantined meter are in no row any more")
  void erased() throws Exception {
    LocalDate day = DAY.plusDays(1);
    MeterId left = meter("CANARY-2", "CANARY-POINT-2");
    String account = supplied("CANARY-POINT-2", "gone");
    MeterId suspect = meter("CANARY-3", "CANARY-POINT-3");
    supplied("CANARY-POINT-3", "suspect");
    measure(left, day, 0);
    measure(suspect, day, 0);
    assertThat(day(day)).extracting(CurveDay::tariff).containsExactlyInAnyOrder("gone", "suspect");

    long mark = view.mark();
    store
        .agreements()
        .moveOut(account, "CANARY-POINT-2", Instant.parse("2026-11-01T00:00:00Z"), SAM);
    Function<Tx, org.gridwarden.store.Erasure.Result> erase =
        tx -> store.erasure().account(tx, account, SAM, "asked for it");
    var unused = store.unitOfWork().call(erase);
    sql("UPDATE meter SET state = 'QUARANTINED' WHERE meter_id = 'CANARY-3'");
    assertThat(day(day)).isEmpty();
    assertThat(view.mark()).isGreaterThan(mark);
  }
}
