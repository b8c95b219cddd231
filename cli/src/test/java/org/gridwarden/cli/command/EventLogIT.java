package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Reach;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.headend.Collection;
import org.gridwarden.headend.CollectionSettings;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.StoredBook;
import org.gridwarden.headend.command.Images;
import org.gridwarden.headend.integrity.ConfigurationLook;
import org.gridwarden.headend.integrity.ConfigurationWatch;
import org.gridwarden.headend.tamper.LogAsker;
import org.gridwarden.headend.tamper.TamperDesk;
import org.gridwarden.headend.tamper.TamperPolicy;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.simulator.Sense;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What meters write into their own event logs comes over real DLMS, and is told once. */
class EventLogIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObisCode FRAUD_LOG = ObisCode.parse("0.0.99.98.1.255");
  private static final Sense CASING = Sense.of("meter-cover");

  @TempDir Path folder;
  private final LiveFeed live = new LiveFeed();
  private CommandField field;
  private Store store;
  private HeadendIntake intake;
  private TamperDesk desk;

  @BeforeEach
  void open() throws IOException, ChannelException {
    field = new CommandField(folder);
    store = Store.open(StoreSettings.embedded(folder.resolve("store")), field);
    intake =
        new HeadendIntake(
            IntakeSettings.defaults(),
            store.intake()::commit,
            (message, reason) -> {},
            live,
            new SimpleMeterRegistry());
    field.behind = Optional.of(intake);
    desk = TamperDesk.open(store, TamperPolicy.usual(), live, field);
  }

  @AfterEach
  void close() {
    desk.close();
    field.close();
    intake.close();
    live.close();
    store.close();
  }

  private void register(List<String> serials) {
    serials.forEach(
        serial -> store.meters().put(field.byId(new MeterId(serial)).orElseThrow(), ""));
  }

  private List<Alarm> alarms(MeterId meter) {
    return store
        .alarms()
        .page(new Alarms.Query(Set.of(), Set.of(), Optional.of(meter), ""), 0, 100)
        .items();
  }

  private List<Alarm> covers(MeterId meter) {
    return alarms(meter).stream().filter(a -> a.word().equals("tamper.meter-cover")).toList();
  }

  @Test
  @DisplayName("C19: a casing is opened and no push says so: the meter's log tells it, once")
  void onlyTheLogTells() throws Exception {
    PullSettings settings = PullSettings.of(2).withOperators(field.operators);
    try (PullStreet street = PullStreet.open(settings, Households.load(), field, 0);
        Collection collection = collection()) {
      field.ship(street::writeShipment);
      MeterId opened = new MeterId(PullStreet.serial(1));
      MeterId other = new MeterId(PullStreet.serial(2));
      register(List.of(opened.value(), other.value()));
      street.tamper(1, CASING);
      var _ = collection.read(opened);
      var _ = collection.read(other);
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(covers(opened))
                  .singleElement()
                  .satisfies(alarm -> {
                    assertThat(alarm.sources()).containsExactly(Warning.Source.LOGGED);
                    assertThat(alarm.caseId()).isPresent();
                  }));
      assertThat(store.meters().byId(opened).orElseThrow().state())
          .isEqualTo(Meter.State.QUARANTINED);
      assertThat(covers(other)).isEmpty();
      assertThat(store.meters().byId(other).orElseThrow().state()).isEqualTo(Meter.State.ACTIVE);
      long count = covers(opened).getFirst().count();
      try (MeterSession session = field.calls.open(opened, Deadline.in(SOON));
          Stream<Message> again =
              session.read(
                  new ReadPlan(
                      List.of(FRAUD_LOG),
                      field.instant().minusSeconds(3_600),
                      field.instant().plusSeconds(3_600)))) {
        assertThat(again.toList()).hasAtLeastOneElementOfType(Warning.class);
      }
      await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> covers(opened).size() == 1);
      assertThat(covers(opened).getFirst().count()).as("read again, told once").isEqualTo(count);
    }
  }

  @Test
  @DisplayName(
      "C19: a calibration constant that is changed without a word is an alarm and a case at the next"
          + " reading (S9)")
  void aBentConstant() throws Exception {
    PullSettings settings = PullSettings.of(2).withOperators(field.operators);
    ConfigurationLook look =
        new ConfigurationLook(
            new ConfigurationWatch(
                store.unitOfWork(),
                store.integrity(),
                store.auditLog(),
                Signer.of(field.operator),
                intake,
                field),
            Images.NONE);
    try (PullStreet street = PullStreet.open(settings, Households.load(), field, 0)) {
      field.ship(street::writeShipment);
      MeterId bent = new MeterId(PullStreet.serial(1));
      MeterId other = new MeterId(PullStreet.serial(2));
      register(List.of(bent.value(), other.value()));
      for (MeterId meter : List.of(bent, other)) {
        try (MeterSession session = field.calls.open(meter, Deadline.in(SOON))) {
          assertThat(session.configuration().orElseThrow().calibration())
              .containsOnlyKeys("1.0.0.3.0.255:1:2", "1.0.128.67.65.255:1:2");
        }
      }
      try (Collection collection = collection()) {
        collection.daily(look);
        var _ = collection.read(bent);
        var _ = collection.read(other);
      }
      assertThat(alarms(bent)).isEmpty();
      street.tamper(1, Sense.of("calibration"));
      try (Collection collection = collection()) {
        collection.daily(look);
        var _ = collection.read(bent);
        var _ = collection.read(other);
      }
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(alarms(bent))
                  .filteredOn(alarm -> alarm.word().equals("integrity.changed"))
                  .singleElement()
                  .satisfies(alarm -> {
                    assertThat(alarm.text()).contains("calibration is not what it was");
                    assertThat(alarm.sources()).containsExactly(Warning.Source.OFFICE);
                    assertThat(alarm.caseId()).isPresent();
                  }));
      assertThat(alarms(other)).isEmpty();
    }
  }

  private Collection collection() {
    return new Collection(
        CollectionSettings.defaults(),
        new StoredBook(store),
        field,
        List.of(field.tcp, field.calls),
        field,
        field,
        RandomGenerator.getDefault(),
        new SimpleMeterRegistry());
  }

  @Test
  @DisplayName(
      "C19: a push tells of an opened casing, and the log that is read at once: one alarm, one case")
  void bothTell() throws Exception {
    field.reach = Optional.of(new Reach("", "", "", "street"));
    StreetSettings settings =
        StreetSettings.of(2)
            .withHistory(Duration.ZERO)
            .withEvery(Duration.ofSeconds(1))
            .withOperators(field.operators);
    try (LogAsker asker = new LogAsker(List.of(field.tcp, field.calls), live, field);
        Street street = Street.of(settings, Households.load(), field)) {
      assertThat(asker).isNotNull();
      field.ship(street::writeShipment);
      register(street.serials());
      street.start(field.address());
      MeterId opened = new MeterId(street.serials().getFirst());
      await().atMost(SOON).until(() -> field.tcp.reaches(opened));
      street.meter(opened.value()).orElseThrow().tamper(CASING);
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(covers(opened))
                  .singleElement()
                  .satisfies(alarm ->
                      assertThat(alarm.sources())
                          .contains(Warning.Source.PUSHED, Warning.Source.LOGGED)));
      assertThat(store.cases().page(Optional.empty(), Optional.of(opened), 0, 10).items())
          .as("one case")
          .hasSize(1);
      assertThat(alarms(new MeterId(street.serials().get(1)))).isEmpty();
    }
  }
}
