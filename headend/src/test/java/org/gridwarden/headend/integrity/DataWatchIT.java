package org.gridwarden.headend.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits behind the office's back, in a real database. */
class DataWatchIT {
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final LocalDate DAY = LocalDate.parse("2026-11-20");
  private static final MeterId ONE = new MeterId("ONE");
  private static final MeterId TWO = new MeterId("TWO");
  private static final Signer SIGNER = Signer.of(pair());

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-11-25T12:00:00Z");
  private final List<Warning> told = new ArrayList<>();
  private final Intake intake =
      message -> {
        message.content().forEach(m -> told.add((Warning) m));
        return CompletableFuture.completedFuture(new Intake.Outcome.Stored());
      };
  private Optional<Store> open = Optional.empty();
  private long counter;

  @BeforeEach
  void twoMetersWithADay() {
    Store store = Store.open(StoreSettings.embedded(folder), () -> now);
    open = Optional.of(store);
    for (MeterId id : List.of(ONE, TWO)) {
      store
          .meters()
          .put(
              new Meter(
                  id,
                  id.value(),
                  new byte[0],
                  "generic",
                  ZoneOffset.UTC,
                  Meter.State.ACTIVE,
                  Meter.PushPolicy.AUTHENTICATED),
              "");
      push(id, 0, 40);
    }
  }

  @AfterEach
  void shut() {
    open.ifPresent(Store::close);
  }

  private Store store() {
    return open.orElseThrow();
  }

  private DataWatch watch() {
    return new DataWatch(
        store().unitOfWork(),
        store().integrity(),
        store().auditLog(),
        SIGNER,
        store().meters(),
        intake,
        () -> store().folding().fold(),
        () -> now);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Received message(MeterId meter, int from, int to) {
    List<Slot> slots = new ArrayList<>();
    Instant start = DAY.atStartOfDay(ZoneOffset.UTC).toInstant();
    for (int i = from; i < to; i++) {
      slots.add(
          new Slot(
              ENERGY,
              start.plus(Duration.ofMinutes(15L * i)),
              Duration.ofMinutes(15),
              new ScaledValue(100 + i, 0, Unit.WATT_HOUR),
              Quality.GOOD));
    }
    Usage usage = new Usage(meter, List.of(), slots, List.of(), List.of());
    byte[] raw = (meter.value() + ++counter).getBytes(StandardCharsets.UTF_8);
    return new Received(
        new MessageId(meter, new byte[] {1}, counter, Arrays.copyOf(raw, 32)),
        new ChannelId("dlms", "test"),
        now,
        Assurance.MAC,
        raw,
        List.of(usage));
  }

  private void push(MeterId meter, int from, int to) {
    assertThat(store().intake().commit(List.of(message(meter, from, to))))
        .containsExactly(new Intake.Outcome.Stored());
  }

  private int sql(String statement) throws SQLException {
    try (Connection c = store().dataSource().getConnection();
        Statement s = c.createStatement()) {
      return s.executeUpdate(statement);
    }
  }

  private static final String OF_ONE =
      " WHERE day = '2026-11-20' AND meter = (SELECT id FROM meter WHERE meter_id = 'ONE')";

  @Test
  @DisplayName("S9: a day row that is edited in the database is found, and whose it is")
  void edited() throws Exception {
    DataWatch watch = watch();
    watch.look();
    watch.look();
    assertThat(told).as("nothing was done to it").isEmpty();
    assertThat(watch.checkAll()).isEmpty();
    assertThat(sql("UPDATE interval_block SET \"values\"[7] = 1" + OF_ONE)).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      watch.look();
    }
    assertThat(told)
        .isNotEmpty()
        .allSatisfy(w -> {
          assertThat(w.meter()).isEqualTo(ONE);
          assertThat(w.code()).isEqualTo("integrity.changed");
          assertThat(w.text()).contains("2026-11-20", "changed, and not by anything that came in");
        });
    assertThat(told.stream().map(Warning::id).distinct()).as("it is one event").hasSize(1);
    assertThat(watch().checkAll())
        .as("also by a fresh process")
        .singleElement()
        .satisfies(f -> assertThat(f.meter()).contains(ONE));
  }

  @Test
  @DisplayName("S9: a day that closes while the office runs is vouched for as well")
  void closesLater() throws Exception {
    now = Instant.parse("2026-11-21T12:00:00Z");
    DataWatch watch = watch();
    watch.look();
    assertThat(store().integrity().vouched()).as("it may still be filled").isEmpty();
    now = Instant.parse("2026-11-22T12:00:00Z");
    watch.look();
    assertThat(store().integrity().vouched()).containsExactly(DAY);
  }

  @Test
  @DisplayName("S9: rows that are deleted, or made up, are found")
  void deletedAndMadeUp() throws Exception {
    DataWatch watch = watch();
    watch.look();
    sql("DELETE FROM interval_block" + OF_ONE);
    assertThat(watch.check(DAY))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("are gone"));
    store()
        .meters()
        .put(
            new Meter(
                new MeterId("THREE"),
                "3",
                new byte[0],
                "generic",
                ZoneOffset.UTC,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED),
            "");
    sql(
        "INSERT INTO interval_block SELECT day_start, (SELECT id FROM meter WHERE meter_id ="
            + " 'THREE'), channel, day, interval_s, layer, \"values\", wide, quality"
            + " FROM interval_block WHERE day = '2026-11-20'");
    assertThat(watch.check(DAY))
        .extracting(DataWatch.Finding::meter)
        .containsExactly(Optional.of(ONE), Optional.of(new MeterId("THREE")));
  }

  @Test
  @DisplayName("S9: who edits the fingerprints as well, or the chain, is found")
  void editedToFit() throws Exception {
    DataWatch watch = watch();
    watch.look();
    sql("UPDATE interval_block SET \"values\"[7] = 1" + OF_ONE);
    byte[] fitting = store().integrity().now(DAY).getOrDefault("ONE", new byte[0]);
    sql(
        "UPDATE fingerprint_day SET hash = '\\x"
            + java.util.HexFormat.of().formatHex(fitting)
            + "'"
            + OF_ONE);
    assertThat(watch.check(DAY))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("not the one that was signed"));
    // a note of late data that the office did not sign explains nothing
    sql(
        "INSERT INTO integrity_link SELECT n + 100, now(), 'late', '2026-11-20 ONE', signed"
            + " FROM integrity_link WHERE kind = 'day'");
    assertThat(watch.checkAll())
        .extracting(DataWatch.Finding::what)
        .anySatisfy(w -> assertThat(w).contains("is not what was signed"));
    sql("DELETE FROM integrity_link");
    assertThat(watch().checkAll())
        .extracting(DataWatch.Finding::what)
        .anySatisfy(w -> assertThat(w).contains("the audit log knows"));
  }

  @Test
  @DisplayName("S9: what comes late is vouched for anew, and explains no other meter's change")
  void late() throws Exception {
    DataWatch watch = watch();
    watch.look();
    Received late = message(ONE, 40, 96);
    watch.before(List.of(late));
    assertThat(store().intake().commit(List.of(late))).containsExactly(new Intake.Outcome.Stored());
    assertThat(watch.check(DAY)).isEmpty();
    now = now.plus(Duration.ofHours(1));
    assertThat(watch.check(DAY)).isEmpty();
    sql("UPDATE interval_block SET \"values\"[7] = 1 WHERE day = '2026-11-20'");
    assertThat(watch.check(DAY))
        .as("what came late an hour ago explains nothing now")
        .extracting(DataWatch.Finding::meter)
        .containsExactly(Optional.of(ONE), Optional.of(TWO));
  }

  @Test
  @DisplayName(
      "S4: a calibration constant that changed is raised; a confirmed update explains firmware")
  void configuration() throws Exception {
    ConfigurationWatch watch =
        new ConfigurationWatch(
            store().unitOfWork(),
            store().integrity(),
            store().auditLog(),
            SIGNER,
            intake,
            () -> now);
    Map<String, byte[]> constant = Map.of("1.0.0.4.3.255:1:2", new byte[] {17, 1});
    Map<String, byte[]> bent = Map.of("1.0.0.4.3.255:1:2", new byte[] {17, 2});
    var calibration = ConfigurationWatch.Part.CALIBRATION;
    var firmware = ConfigurationWatch.Part.FIRMWARE;
    assertThat(watch.compare(ONE, calibration, constant))
        .isEqualTo(new ConfigurationWatch.Outcome.First());
    assertThat(watch.compare(ONE, calibration, constant))
        .isEqualTo(new ConfigurationWatch.Outcome.Same());
    assertThat(watch.compare(ONE, firmware, Map.of("id", new byte[] {1})))
        .isEqualTo(new ConfigurationWatch.Outcome.First());
    assertThat(watch.compare(ONE, firmware, Map.of("id", new byte[] {2})))
        .isInstanceOf(ConfigurationWatch.Outcome.Changed.class);
    now = now.plusSeconds(60);
    confirm("update-firmware");
    assertThat(watch.compare(ONE, firmware, Map.of("id", new byte[] {2})))
        .isInstanceOf(ConfigurationWatch.Outcome.Renewed.class);
    assertThat(watch.compare(ONE, calibration, bent))
        .as("no command explains it")
        .isInstanceOf(ConfigurationWatch.Outcome.Changed.class);
    assertThat(told)
        .hasSize(2)
        .allSatisfy(w -> assertThat(w.code()).isEqualTo("integrity.changed"));
    watch.accept(ONE, calibration, bent, "recalibrated at the bench", Actor.system("test"));
    assertThat(watch.compare(ONE, calibration, bent))
        .isEqualTo(new ConfigurationWatch.Outcome.Same());
  }

  private void confirm(String word) throws SQLException {
    sql(
        "INSERT INTO command (id, drafted, not_before, expires, due, meter, feeder, word,"
            + " parameters, reason, drafted_by, state, switching) VALUES (gen_random_uuid(), now(),"
            + " now(), now(), now(), 'ONE', '', '"
            + word
            + "', '', '', 'olivia', 'CONFIRMED', false)");
    sql(
        "INSERT INTO command_step (at, command, step, state, actor_kind, actor, note)"
            + " SELECT timestamptz '"
            + now
            + "', id, 0, 'CONFIRMED', 'METER', 'ONE', '' FROM command");
  }
}
