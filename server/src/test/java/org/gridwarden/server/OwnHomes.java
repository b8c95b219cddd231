package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Account;
import org.gridwarden.store.SlotVersions;
import org.gridwarden.store.Store;
import org.gridwarden.store.TariffBook;

/** Homes of consumers: a meter, an account, a log-in, a tariff, and readings that a test lays. */
final class OwnHomes {
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  static final String DAY_AND_NIGHT =
      """
      gridwarden-tariff: 1
      name: Day and night
      currency: CHF
      rounding: {lines: half-up}
      energy:
        periods:
          day: {price: 0.30}
          night: {price: 0.10}
        otherwise: day
        hours:
          - {period: night, from: "22:00", to: "06:00"}
      fixed: {per-month: 12.40}
      taxes:
        - {name: VAT, percent: 8.1}
      """;
  static final String FLAT =
      """
      gridwarden-tariff: 1
      name: One price
      currency: CHF
      rounding: {lines: half-up}
      energy: {price: 0.20}
      """;

  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Actor DESK = Actor.system("test");

  /** Stands where a slot has no value. */
  static final long GAP = -1;

  private OwnHomes() {}

  /** A tariff from the year 2025 on, as if somebody had signed it. */
  static void tariff(Store store, String id, String text) {
    byte[] document = text.getBytes(StandardCharsets.UTF_8);
    TariffBook.Fresh first =
        new TariffBook.Fresh(
            id,
            1,
            LocalDate.of(2025, 1, 1),
            "gridwarden",
            sha256(document),
            document,
            new byte[] {1},
            new byte[] {1});
    if (!store.unitOfWork().<Boolean>call(tx -> store.tariffs().add(tx, first, DESK))) {
      throw new AssertionError("the tariff " + id + " is there already");
    }
  }

  /** A log-in with the role of a consumer. */
  static Api consumer(RunningServer server, Api administrator, String user) {
    String password = password(user);
    ok(
        administrator.post(
            "/api/v1/users",
            Api.JSON.writeValueAsString(
                Map.of(
                    "user", user, "roles", List.of("CONSUMER"), "password", "first " + password))));
    Api api = new Api(server);
    ok(api.logIn(user, "first " + password));
    ok(api.changePassword("first " + password, password));
    return api;
  }

  static String password(String user) {
    return "meadow walnut ferry " + (63 + user.length());
  }

  /** An account that is supplied at a point by a tariff since a day, and that a log-in sees. */
  static void supplied(
      Store store, String user, String account, String point, String tariff, LocalDate since) {
    store
        .accounts()
        .open(
            account,
            new Account.Holder("Holder of " + account, "Weg 1", "8000 Zürich", "", "", "de"),
            DESK);
    store.agreements().moveIn(account, point, tariff, start(since), false, DESK);
    if (!store.accounts().link(account, user, DESK)) {
      throw new AssertionError("no user " + user);
    }
  }

  /** A meter that has stood at a point since the beginning of 2025. */
  static MeterId meter(Store store, String id, String point) {
    MeterId meter = OfficeData.meter(store, id, point);
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement("UPDATE service_point_term SET since = ? WHERE service_point = ?")) {
      s.setObject(1, start(LocalDate.of(2025, 1, 1)).atOffset(ZoneOffset.UTC));
      s.setString(2, point);
      s.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return meter;
  }

  /**
   * Days of quarter-hours, by date and slot in Wh; {@link #GAP} for none.
   *
   * @param to the day after the last
   */
  static void measure(
      Store store,
      MeterId meter,
      LocalDate from,
      LocalDate to,
      BiFunction<LocalDate, Integer, Long> wh) {
    List<IntervalBlock> blocks = new ArrayList<>();
    for (LocalDate date = from; date.isBefore(to); date = date.plusDays(1)) {
      Day day = Day.of(date, ZONE, QUARTER);
      long[] values = new long[day.slots()];
      byte[] quality = new byte[day.slots()];
      for (int i = 0; i < values.length; i++) {
        long value = wh.apply(date, i);
        values[i] = Math.max(0, value);
        quality[i] = value == GAP ? Quality.MISSING : Quality.GOOD;
      }
      blocks.add(
          new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality));
    }
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, blocks);
          return 0;
        });
  }

  /** Slots of a day that validation estimated. */
  static void estimated(Store store, MeterId meter, LocalDate date, int from, int to, long wh) {
    Day day = Day.of(date, ZONE, QUARTER);
    List<SlotVersions.Version> versions = new ArrayList<>();
    for (int i = from; i < to; i++) {
      versions.add(
          new SlotVersions.Version(
              day.startOf(i),
              0,
              OptionalLong.of(wh),
              Quality.ESTIMATED,
              "gap",
              "blend",
              DESK,
              "",
              Instant.now()));
    }
    store
        .unitOfWork()
        .call(tx -> {
          store
              .slotVersions()
              .append(
                  tx,
                  meter,
                  new SlotVersions.Channel(ENERGY, QUARTER, Unit.WATT_HOUR, 0),
                  versions);
          return 0;
        });
  }

  static Instant start(LocalDate day) {
    return day.atStartOfDay(ZONE).toInstant();
  }

  private static void ok(java.net.http.HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
