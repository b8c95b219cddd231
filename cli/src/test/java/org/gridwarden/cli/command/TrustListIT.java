package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.trust.TrustCourier;
import org.gridwarden.headend.trust.TrustOffice;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustList;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.gridwarden.store.TrustBook;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom meters obey comes from a root that no head-end has, over the channel that brings orders. */
class TrustListIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final KeyPair ROOT = CommandField.pair();
  private static final KeyPair OSCAR = CommandField.pair();

  @TempDir Path folder;
  private CommandField field;
  private Store store;
  private TrustOffice office;

  @BeforeEach
  void open() throws IOException, ChannelException {
    field = new CommandField(folder);
    // the meters are made with the root in them; what lies beside it names nobody any more
    Files.writeString(field.operators.resolve("root.pem"), P256.pem(ROOT.getPublic()));
    store = Store.open(StoreSettings.embedded(folder.resolve("store")), field);
    office = new TrustOffice(store.unitOfWork(), store.trust());
  }

  @AfterEach
  void close() {
    field.close();
    store.close();
  }

  private static byte[] list(long version, KeyPair root, KeyPair... operators) throws Exception {
    return new TrustList(version, Stream.of(operators).map(KeyPair::getPublic).toList(), List.of())
        .sign(Signer.of(root));
  }

  private void seal(MeterId meter) throws Exception {
    store.meters().put(field.byId(meter).orElseThrow(), "");
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement(
                "INSERT INTO meter_key (meter, purpose, key_id, local) VALUES (?, 2, 'k1', 'x')")) {
      s.setInt(1, store.meters().number(meter));
      s.executeUpdate();
    }
  }

  private void obeys(MeterId meter) throws Exception {
    assertThat(field.command(field.tcp, meter, new Action.Read()).outcome())
        .isEqualTo(CommandState.CONFIRMED);
  }

  private void obeysNot(MeterId meter) {
    assertThatThrownBy(() -> field.command(field.tcp, meter, new Action.Disconnect()))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.FORBIDDEN));
  }

  @Test
  @DisplayName(
      "C9 C16: meters obey whom the root's newest list names; the office brings it by itself, and can put"
          + " nobody on it")
  void lists() throws Exception {
    StreetSettings settings =
        StreetSettings.of(2)
            .withHistory(Duration.ZERO)
            .withEvery(Duration.ofSeconds(1))
            .withState(folder.resolve("street"))
            .withOperators(field.operators);
    TrustCourier courier = new TrustCourier(store.trust(), List.of(field.tcp, field.calls));
    MeterId first;
    try (Street street = Street.of(settings, Households.load(), field)) {
      field.ship(street::writeShipment);
      first = new MeterId(street.serials().getFirst());
      for (String serial : street.serials()) {
        seal(new MeterId(serial));
      }
      street.start(field.address());
      await()
          .atMost(SOON)
          .until(() -> street.serials().stream().allMatch(s -> field.tcp.reaches(new MeterId(s))));
      obeysNot(first); // before its first list

      assertThatThrownBy(() -> office.add(list(1, ROOT, field.operator), SAM))
          .isInstanceOf(CommandFault.class)
          .hasMessageContaining("name the root first");
      assertThat(office.root(ROOT.getPublic().getEncoded(), SAM)).hasSize(16);
      assertThatThrownBy(() -> office.add(list(1, OSCAR, OSCAR), SAM))
          .isInstanceOf(CommandFault.class);
      assertThat(office.add(list(1, ROOT, field.operator), SAM).version()).isEqualTo(1);
      assertThat(office.meters()).isEqualTo(new TrustBook.Meters(0, 0, 0, 2));
      courier.round();
      assertThat(office.meters()).isEqualTo(new TrustBook.Meters(2, 0, 0, 0));
      obeys(first);

      // who owns the channel and the meters' keys, and not the root
      try (MeterSession session = field.tcp.open(first, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.trusts()).hasValue(1);
        byte[] forged = list(2, OSCAR, OSCAR);
        assertThatThrownBy(() -> session.trust(forged))
            .isInstanceOfSatisfying(
                ChannelException.class,
                e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.FORBIDDEN));
        assertThat(session.trusts()).hasValue(1);
      }
      obeys(first);

      var _ = office.add(list(2, ROOT, OSCAR), SAM);
      assertThatThrownBy(() -> office.add(list(2, ROOT, field.operator), SAM))
          .as("a version is one list")
          .isInstanceOf(CommandFault.class);
      assertThat(office.meters().older()).isEqualTo(2);
      field.ahead.set(Duration.ofMinutes(6)); // the pause after the last round
      courier.round();
      assertThat(office.meters().current()).isEqualTo(2);
      obeysNot(first);
      try (MeterSession session = field.tcp.open(first, Deadline.in(CommandField.PATIENCE))) {
        byte[] before = list(1, ROOT, field.operator);
        assertThatThrownBy(() -> session.trust(before)).isInstanceOf(ChannelException.class);
      }
      obeysNot(first);
    }
    try (Street street = Street.of(settings, Households.load(), field)) {
      street.start(field.address());
      await().atMost(SOON).until(() -> field.tcp.reaches(first));
      try (MeterSession session = field.tcp.open(first, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.trusts()).as("after a power cut").hasValue(2);
      }
      obeysNot(first);
    }
  }

  @Test
  @DisplayName("C9: a meter that is called takes a list, too; one that a fitter serves takes none")
  void called() throws Exception {
    PullSettings settings = PullSettings.of(1).withSeed(3).withOperators(field.operators);
    try (PullStreet street = PullStreet.open(settings, Households.load(), field, 0)) {
      field.ship(street::writeShipment);
      MeterId meter = new MeterId(PullStreet.serial(1));
      try (MeterSession session = field.calls.open(meter, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.trusts()).hasValue(0);
        session.trust(list(5, ROOT, field.operator));
        assertThat(session.trusts()).hasValue(5);
      }
      assertThat(field.command(field.calls, meter, new Action.Disconnect()).outcome())
          .isEqualTo(CommandState.CONFIRMED);
    }
    Files.delete(field.operators.resolve("root.pem"));
    try (PullStreet street = PullStreet.open(settings, Households.load(), field, 0)) {
      field.ship(street::writeShipment);
      MeterId meter = new MeterId(PullStreet.serial(1));
      try (MeterSession session = field.calls.open(meter, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.trusts()).isEmpty();
        byte[] list = list(6, ROOT, OSCAR);
        assertThatThrownBy(() -> session.trust(list)).isInstanceOf(ChannelException.class);
      }
    }
  }
}
