package org.gridwarden.server;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Account;
import org.gridwarden.store.Store;

/** Households with names that must not be seen again, and a month of readings each. */
final class HouseholdsData {
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  private static final Actor CARLA = new Actor(Actor.Kind.PERSON, "carla");
  private static final Instant LONG_AGO = Instant.parse("2025-01-01T00:00:00Z");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");

  /** Whatever is personal of them begins so. */
  static final String CANARY = "Canary";

  private HouseholdsData() {}

  /**
   * A household that is supplied.
   *
   * @param account its number
   */
  record Made(String account, MeterId meter, String point) {}

  /** Makes one whose curve rises in the evening; its mean is as wanted, W. */
  static Made household(
      Store store, int number, String tariff, String feeder, YearMonth month, int watts) {
    String point = CANARY + "-point-" + number;
    MeterId meter = OfficeData.meter(store, CANARY + "-meter-" + number, point);
    store.meters().setFeeder(meter, feeder);
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute(
          "UPDATE service_point_term SET since = '"
              + LONG_AGO
              + "' WHERE service_point = '"
              + point
              + "'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    String account =
        store
            .accounts()
            .open(
                "",
                new Account.Holder(
                    CANARY + " Name " + number,
                    CANARY + " Street " + number,
                    (number % 2 == 0 ? "8004 " : "3011 ") + CANARY + "town",
                    "",
                    "",
                    "de"),
                CARLA)
            .id();
    store.agreements().moveIn(account, point, tariff, LONG_AGO, false, CARLA);
    List<IntervalBlock> days = new ArrayList<>();
    for (int d = 1; d <= month.lengthOfMonth(); d++) {
      days.add(day(meter, month.atDay(d), watts));
    }
    store
        .unitOfWork()
        .call(tx -> {
          store.blocks().merge(tx, days);
          return 0;
        });
    return new Made(account, meter, point);
  }

  private static IntervalBlock day(MeterId meter, LocalDate date, int watts) {
    Day day = Day.of(date, ZONE, Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    for (int i = 0; i < values.length; i++) {
      int hour = day.startOf(i).atZone(ZONE).getHour();
      // 4 hours twice the mean, 4 hours nothing
      values[i] = hour < 4 ? 0 : hour >= 18 && hour < 22 ? watts / 2 : watts / 4;
    }
    return new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, new byte[0]);
  }
}
