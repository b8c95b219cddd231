package org.gridwarden.headend.tamper;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/** An office with a real database, its intake, and its desk when a test wants one. */
final class Watch implements AutoCloseable {
  static final Actor ANNA = new Actor(Actor.Kind.PERSON, "anna");
  static final Actor BERT = new Actor(Actor.Kind.PERSON, "bert");

  private static final ChannelId VIA = new ChannelId("dlms", "tcp-4059");
  private static final AtomicInteger METERS = new AtomicInteger();
  private static final AtomicLong COUNTER = new AtomicLong(1);

  final LiveFeed live = new LiveFeed();
  final Store store;
  final CaseOffice cases;
  private final HeadendIntake intake;

  Watch(Path data) {
    this.store = Store.open(StoreSettings.embedded(data));
    this.cases = new CaseOffice(store, live, InstantSource.system());
    this.intake =
        new HeadendIntake(
            IntakeSettings.defaults(),
            store.intake()::commit,
            (message, reason) -> {},
            live,
            new SimpleMeterRegistry());
  }

  TamperDesk desk() {
    return TamperDesk.open(store, TamperPolicy.usual(), live, InstantSource.system());
  }

  TamperDesk desk(int alarms, int evidence) {
    String policy =
        "tamper.magnet = CRITICAL case\nstorm.alarms-per-minute = "
            + alarms
            + "\nstorm.evidence-per-minute = "
            + evidence;
    try {
      return TamperDesk.open(
          store,
          TamperPolicy.read(new StringReader(policy), "the test's"),
          live,
          InstantSource.system());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MeterId meter() {
    return meter("W" + METERS.incrementAndGet());
  }

  MeterId meter(String name) {
    MeterId id = new MeterId(name);
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
    keys(id);
    return id;
  }

  private void keys(MeterId id) {
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement(
                "INSERT INTO meter_key (meter, purpose, key_id, local) VALUES (?, 0, 'k1', 'x')")) {
      s.setInt(1, store.meters().number(id));
      s.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  long keysInForce(MeterId id) {
    return number(
        "SELECT count(*) FROM meter_key WHERE in_force AND meter = " + store.meters().number(id));
  }

  long number(String sql) {
    try (var c = store.dataSource().getConnection();
        var s = c.createStatement();
        var r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  Meter.State state(MeterId id) {
    return store.meters().byId(id).orElseThrow().state();
  }

  /** Hands in what a meter pushes, and waits for the commit. */
  void push(MeterId meter, Message... content) {
    long counter = COUNTER.incrementAndGet();
    byte[] raw = (meter + " " + counter).getBytes(StandardCharsets.UTF_8);
    Received message =
        new Received(
            new MessageId(meter, new byte[] {1}, counter, sha256(raw)),
            VIA,
            Instant.now(),
            Assurance.MAC,
            raw,
            List.of(content));
    try {
      Outcome outcome = intake.submit(message).toCompletableFuture().get();
      if (!(outcome instanceof Outcome.Stored)) {
        throw new AssertionError(outcome);
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  static Warning warning(MeterId meter, String word, Severity severity, Instant at) {
    return warning(meter, word, severity, at, Warning.Source.PUSHED);
  }

  static Warning warning(
      MeterId meter, String word, Severity severity, Instant at, Warning.Source source) {
    return new Warning(
        meter, new EventId(UUID.randomUUID()), at, word, severity, "It happened.", source);
  }

  List<Alarm> alarms(MeterId meter) {
    return store
        .alarms()
        .page(new Alarms.Query(Set.of(), Set.of(), Optional.of(meter), ""), 0, 100)
        .items();
  }

  List<MeterCase> cases(MeterId meter) {
    return store.cases().page(Optional.empty(), Optional.of(meter), 0, 100).items();
  }

  @Override
  public void close() {
    intake.close();
    live.close();
    store.close();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
