package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.Store;
import org.gridwarden.store.TariffBook;

/** Meters with weeks of readings, in one of whose days there is a gap and a spike. */
final class OfficeData {
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  static final Duration QUARTER = Duration.ofMinutes(15);

  /** Yesterday has no slots from here to there, exclusive, and a spike. */
  static final int GAP_FROM = 40;

  static final int GAP_TO = 48;
  static final int SPIKE = 70;
  static final long SPIKE_WH = 9_000;

  private static final AtomicLong COUNTER = new AtomicLong(1);

  private OfficeData() {}

  static LocalDate yesterday() {
    return LocalDate.now(ZONE).minusDays(1);
  }

  /** A meter in service. */
  static MeterId meter(Store store, String id, String servicePoint) {
    MeterId meter = new MeterId(id);
    store
        .meters()
        .put(
            new Meter(
                meter,
                id,
                new byte[0],
                "generic",
                ZONE,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            servicePoint);
    return meter;
  }

  /** Weeks up to yesterday, which has a gap and a spike. */
  static void readings(Store store, MeterId meter, int weeks) {
    LocalDate last = yesterday();
    last.minusWeeks(weeks)
        .datesUntil(last.plusDays(1))
        .forEach(date -> commit(store, day(meter, date, date.equals(last))));
  }

  private static IntervalBlock day(MeterId meter, LocalDate date, boolean odd) {
    Day day = Day.of(date, ZONE, QUARTER);
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 80 + 6L * (i % 24) + 40L * (i / 64) + (date.getDayOfMonth() * 7 + i) % 11;
    }
    if (odd) {
      Arrays.fill(quality, GAP_FROM, GAP_TO, Quality.MISSING);
      values[SPIKE] = SPIKE_WH;
    }
    return new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
  }

  /** Meters are mounted when they are put; here they were all year. */
  static void mountedLongAgo(Store store) {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement()) {
      s.execute("UPDATE service_point_term SET since = '2025-12-01T00:00:00Z'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** A flat tariff, as if somebody had signed it. */
  static void tariff(Store store, String id, String rate) {
    byte[] document =
        ("{\"name\":\""
                + id
                + "\",\"currency\":\"CHF\",\"energyratestructure\":[[{\"rate\":"
                + rate
                + "}]]}")
            .getBytes(StandardCharsets.UTF_8);
    TariffBook.Fresh first =
        new TariffBook.Fresh(
            id,
            1,
            LocalDate.of(2026, 1, 1),
            "urdb",
            sha256(document),
            document,
            new byte[] {1},
            new byte[] {1});
    boolean added =
        store
            .unitOfWork()
            .call(tx -> store.tariffs().add(tx, first, new Actor(Actor.Kind.PERSON, "berta")));
    if (!added) {
      throw new AssertionError("the tariff " + id + " is there already");
    }
  }

  /** What was missing of yesterday comes after all. */
  static void lateSlots(Store store, MeterId meter) {
    commit(store, day(meter, yesterday(), false));
  }

  private static void commit(Store store, IntervalBlock block) {
    Usage usage = new Usage(block.meter(), List.of(), List.of(), List.of(block), List.of());
    byte[] raw = ("office " + COUNTER.get()).getBytes(StandardCharsets.UTF_8);
    MessageId id =
        new MessageId(
            block.meter(), new byte[] {9, 9, 9, 9}, COUNTER.getAndIncrement(), sha256(raw));
    store
        .intake()
        .commit(
            List.of(
                new Received(
                    id,
                    new ChannelId("dlms", "tcp-4059"),
                    Instant.now(),
                    Assurance.MAC,
                    raw,
                    List.of(usage))));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
