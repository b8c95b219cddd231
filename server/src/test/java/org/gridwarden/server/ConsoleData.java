package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.EventId;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionTurn.Schedule;
import org.gridwarden.store.Store;

/** A small office to look at: a street of meters, one of them with a month of readings. */
final class ConsoleData {
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  static final MeterId SHOWN = new MeterId("GWD4100111");
  static final int METERS = 60;

  /** The clocks go forward, then back. */
  static final LocalDate SHORT_DAY = LocalDate.of(2026, 3, 29);

  static final LocalDate LONG_DAY = LocalDate.of(2026, 10, 25);

  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final String[] STREETS = {
    "Lindenstrasse", "Bahnhofweg", "Mühlegasse", "Sonnhalde", "Rebbergstrasse"
  };

  /** How many meters are read. */
  static final int READ = 10;

  private final Store store;
  private final Random random = new Random(7);
  private final Instant now = Instant.now();
  private long counter = 1;

  private ConsoleData(Store store) {
    this.store = store;
  }

  static void fill(Store store) {
    ConsoleData data = new ConsoleData(store);
    data.meters();
    data.days();
    data.values();
    data.events();
    data.collection();
  }

  private static MeterId id(int n) {
    return n == 3 ? SHOWN : new MeterId("GWD" + (4_100_000 + n * 37));
  }

  private void meters() {
    for (int n = 0; n < METERS; n++) {
      byte[] title = {'G', 'W', 'D', 0x10, 0, 0, (byte) (n >> 8), (byte) n};
      MeterId id = id(n);
      Meter.State state = n == 17 ? Meter.State.QUARANTINED : Meter.State.ACTIVE;
      store
          .meters()
          .put(
              new Meter(
                  id, id.value(), title, "street", ZONE, state, Meter.PushPolicy.AUTHENTICATED),
              STREETS[n % STREETS.length] + " " + (1 + n / STREETS.length));
    }
    for (int n = 0; n < METERS; n++) {
      if (n != 41) { // one that was never heard
        Instant heard = n % 23 == 5 ? now.minus(Duration.ofHours(40)) : now.minusSeconds(n);
        commit(id(n), heard, usage(id(n), List.of(reading(7, 900 + n, 0, Unit.WATT)), List.of()));
      }
    }
  }

  /** The two odd days, and the month up to now; four slots of each are not known. */
  private void days() {
    LocalDate today = LocalDate.ofInstant(now, ZONE);
    List<LocalDate> dates = new ArrayList<>(List.of(SHORT_DAY, LONG_DAY));
    today
        .minusDays(40)
        .datesUntil(today.plusDays(1))
        .filter(d -> !dates.contains(d))
        .forEach(dates::add);
    for (LocalDate date : dates) {
      commit(SHOWN, now, usage(SHOWN, List.of(), List.of(day(date))));
    }
  }

  private IntervalBlock day(LocalDate date) {
    Day day = Day.of(date, ZONE, QUARTER);
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = wattHours(i / 4.0);
      boolean missing = i >= 40 && i < 44 || day.startOf(i).plus(QUARTER).isAfter(now);
      quality[i] = missing ? Quality.MISSING : i >= 56 && i < 60 ? Quality.ESTIMATED : Quality.GOOD;
      if (i == 72 && !missing) {
        quality[i] = Quality.DOUBTFUL;
      }
    }
    return new IntervalBlock(SHOWN, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
  }

  /** A household: a base, breakfast, a cooked lunch, an evening. */
  private long wattHours(double hour) {
    double shape =
        45
            + 130 * Math.exp(-Math.pow(hour - 7.2, 2) / 2)
            + 170 * Math.exp(-Math.pow(hour - 12.2, 2))
            + 260 * Math.exp(-Math.pow(hour - 19.2, 2) / 5);
    return Math.round(shape * (0.65 + 0.7 * random.nextDouble()));
  }

  /** Ten meters that are read: one that fails, one whose clock is off. */
  private void collection() {
    List<CollectionResult> results = new ArrayList<>();
    List<CollectionClock> clocks = new ArrayList<>();
    for (int n = 0; n < READ; n++) {
      store.meters().setReach(id(n), new Reach("", "concentrator-" + n % 3, "", "street"));
      boolean fails = n == 5;
      for (Schedule schedule : Schedule.values()) {
        boolean slots = schedule == Schedule.PROFILES;
        results.add(
            new CollectionResult(
                id(n),
                schedule,
                now.minusSeconds(60L * n),
                now.plus(Duration.ofHours(3)),
                fails ? "TIMEOUT: no answer in time" : "",
                fails ? 4 : 0,
                0,
                Optional.empty(),
                slots && fails ? 96 : 0,
                slots ? 960 : 0));
      }
      clocks.add(new CollectionClock(id(n), now, Duration.ofMillis(n == 2 ? 14_200 : 300), false));
    }
    store.collection().enroll(now);
    store.collection().settle(results, clocks);
  }

  private void values() {
    List<Reading> readings =
        List.of(
            reading(7, 1_204, 0, Unit.WATT),
            new Reading(
                ObisCode.parse("1.0.32.7.0.255"),
                now,
                new ScaledValue(2_314, -1, Unit.VOLT),
                (byte) 0),
            new Reading(
                ObisCode.parse("1.0.31.7.0.255"),
                now,
                new ScaledValue(521, -2, Unit.AMPERE),
                (byte) 0));
    commit(SHOWN, now, usage(SHOWN, readings, List.of()));
  }

  private void events() {
    String[][] told = {
      {"INFO", "clock.set", "Clock set by 2 s"},
      {"ATTENTION", "clock.skew", "Clock differs by 74 s from the office"},
      {"FAULT", "power.down", "Power lost at the meter"},
      {"INFO", "power.up", "Power came back"},
      {"CRITICAL", "tamper.cover", "Terminal cover opened"},
    };
    for (int n = 0; n < 40; n++) {
      String[] what = told[n % told.length];
      MeterId meter = n % 4 == 0 ? SHOWN : id(n);
      Instant at = now.minusSeconds(n * n * 60L);
      commit(
          meter,
          now.minusSeconds(40 - n),
          new Warning(
              meter, new EventId(new UUID(n, n)), at, what[1], Severity.valueOf(what[0]), what[2]));
    }
  }

  private Reading reading(int d, long raw, int scaler, Unit unit) {
    return new Reading(
        ObisCode.of(1, 0, 1, d, 0, 255), now, new ScaledValue(raw, scaler, unit), (byte) 0);
  }

  private static Usage usage(MeterId meter, List<Reading> momentary, List<IntervalBlock> blocks) {
    return new Usage(meter, momentary, List.of(), blocks, List.of());
  }

  private void commit(MeterId meter, Instant at, Message content) {
    byte[] raw = ("message " + counter).getBytes(StandardCharsets.UTF_8);
    MessageId id = new MessageId(meter, new byte[] {1, 2, 3, 4}, counter++, sha256(raw));
    store.intake().commit(List.of(new Received(id, VIA, at, Assurance.MAC, raw, List.of(content))));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
