package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.gridwarden.core.AccessDifference;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.cosem.AccessRights;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.objects.AccessList;
import org.gridwarden.headend.HeadendIntake;
import org.gridwarden.headend.IntakeSettings;
import org.gridwarden.headend.LiveFeed;
import org.gridwarden.headend.integrity.AccessLook;
import org.gridwarden.headend.integrity.ConfigurationWatch;
import org.gridwarden.headend.tamper.TamperDesk;
import org.gridwarden.headend.tamper.TamperPolicy;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Signer;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.store.Alarm;
import org.gridwarden.store.Alarms;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom meters let in, over real DLMS: read, wanted, ordered, obeyed, read back, raised. */
class MeterAccessIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int PUBLIC = 16;
  private static final int MANAGEMENT = 1;
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final AttributeRef TIME = new AttributeRef(8, CLOCK, 2);
  private static final AttributeRef ENERGY = new AttributeRef(3, REGISTER, 2);
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");

  @TempDir Path folder;
  private final LiveFeed live = new LiveFeed();
  private CommandField field;
  private Store store;
  private HeadendIntake intake;
  private TamperDesk desk;
  private AccessLook look;
  private PullStreet street;
  private MeterId meter;

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
    desk = TamperDesk.open(store, TamperPolicy.usual(), live, field);
    look =
        new AccessLook(
            store.access(),
            new ConfigurationWatch(
                store.unitOfWork(),
                store.integrity(),
                store.auditLog(),
                Signer.of(field.operator),
                intake,
                field));
    PullSettings settings = PullSettings.of(2).withOperators(field.operators);
    street = PullStreet.open(settings, Households.load(), field, 0);
    field.ship(street::writeShipment);
    meter = new MeterId(PullStreet.serial(1));
    store.meters().put(field.byId(meter).orElseThrow(), "");
  }

  @AfterEach
  void close() throws IOException {
    street.close();
    desk.close();
    field.close();
    intake.close();
    live.close();
    store.close();
  }

  // --- the office

  private MeterAccess read() throws Exception {
    try (MeterSession session = field.calls.open(meter, Deadline.in(SOON))) {
      look.look(meter, session);
    }
    return store.access().found(meter).orElseThrow().access();
  }

  private static MeterAccess with(
      MeterAccess access, int number, UnaryOperator<MeterAccess.Client> to) {
    return new MeterAccess(
        access.clients().stream().map(c -> c.number() == number ? to.apply(c) : c).toList());
  }

  private static UnaryOperator<MeterAccess.Client> only(Set<ObisCode> objects) {
    return c ->
        new MeterAccess.Client(
            c.number(),
            c.association(),
            c.level(),
            c.objects().stream().filter(o -> objects.contains(o.object())).toList());
  }

  private static UnaryOperator<MeterAccess.Client> level(MeterAccess.Level level) {
    return c -> new MeterAccess.Client(c.number(), c.association(), level, c.objects());
  }

  private MeterReceipt order(MeterAccess.Client client) throws Exception {
    return configure(client, 2, Axdr.encode(AccessList.encode(client.objects())));
  }

  private MeterReceipt order(MeterAccess.Client client, Acse.Mechanism mechanism) throws Exception {
    return configure(client, 6, Axdr.encode(AccessList.mechanism(mechanism)));
  }

  private MeterReceipt configure(MeterAccess.Client client, int attribute, byte[] value)
      throws Exception {
    return field.command(
        field.calls, meter, new Action.Configure(client.association() + ":15:" + attribute, value));
  }

  private List<Alarm> raised() {
    return store
        .alarms()
        .page(new Alarms.Query(Set.of(), Set.of(), Optional.of(meter), ""), 0, 100)
        .items()
        .stream()
        .filter(alarm -> alarm.word().equals("integrity.changed"))
        .toList();
  }

  // --- anybody

  private Association anybody(AssociationRequest request) throws Exception {
    return Association.open(KeysAlone.link(street.address(1), PUBLIC), request);
  }

  private static boolean gives(Association client, AttributeRef attribute) throws Exception {
    return client.get(attribute) instanceof Outcome.Value;
  }

  @Test
  @DisplayName(
      "C8, C9: which clients a meter lets in, at which level and with which rights: read, narrowed by"
          + " an order, obeyed, and raised where it is not as wanted any more")
  void managed() throws Exception {
    MeterAccess made = read();
    assertThat(made.clients())
        .extracting(MeterAccess.Client::number, MeterAccess.Client::level)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(MANAGEMENT, MeterAccess.Level.HIGH),
            org.assertj.core.groups.Tuple.tuple(PUBLIC, MeterAccess.Level.NONE));
    try (Association everything = anybody(AssociationRequest.open())) {
      assertThat(gives(everything, TIME)).isTrue();
      assertThat(gives(everything, ENERGY)).isTrue();
    }

    MeterAccess wanted = with(made, PUBLIC, only(Set.of(CLOCK)));
    store.access().wish(meter, wanted, "the public client reads the clock", SAM);
    assertThat(store.access().counts().differing()).isEqualTo(1);
    assertThat(AccessDifference.between(wanted, read()))
        .as("nothing was ordered yet")
        .isNotEmpty()
        .allMatch(difference -> difference.client() == PUBLIC && difference.more());
    assertThat(raised()).as("a wish is no change of the meter").isEmpty();

    assertThat(order(wanted.client(PUBLIC).orElseThrow()).outcome())
        .isEqualTo(CommandState.CONFIRMED);
    try (Association narrowed = anybody(AssociationRequest.open())) {
      assertThat(gives(narrowed, TIME)).isTrue();
      assertThat(gives(narrowed, ENERGY)).as("it has no right to it any more").isFalse();
    }
    assertThat(AccessDifference.between(wanted, read())).isEmpty();
    assertThat(store.access().counts().differing()).isZero();
    assertThat(store.access().wish(meter).orElseThrow().agreed()).isPresent();
    assertThat(raised()).isEmpty();

    // an operator by himself gives it back, confirmed and signed: the office finds it all the same
    assertThat(order(made.client(PUBLIC).orElseThrow()).outcome())
        .isEqualTo(CommandState.CONFIRMED);
    assertThat(read()).isEqualTo(made);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(raised())
                .singleElement()
                .satisfies(alarm -> {
                  assertThat(alarm.text())
                      .contains("client 16 may read attribute")
                      .contains("and should not");
                  assertThat(alarm.caseId()).isPresent();
                }));
    assertThat(store.access().differing(10)).containsExactly(meter);
  }

  @Test
  @DisplayName(
      "C8, C7: a client at level low needs its password, a closed one is not let in, and nobody gets"
          + " more than the meter was made with")
  void levels() throws Exception {
    MeterAccess made = read();
    MeterAccess.Client open = made.client(PUBLIC).orElseThrow();
    assertThat(order(open, Acse.Mechanism.LLS).outcome()).isEqualTo(CommandState.CONFIRMED);
    assertThat(read()).isEqualTo(with(made, PUBLIC, level(MeterAccess.Level.LOW)));
    assertThatThrownBy(() -> anybody(AssociationRequest.open()))
        .isInstanceOf(AssociationRefused.class);
    assertThatThrownBy(() ->
            anybody(AssociationRequest.password("12345678".getBytes(StandardCharsets.US_ASCII))))
        .isInstanceOf(AssociationRefused.class);
    assertThat(order(open, Acse.Mechanism.NONE).outcome()).isEqualTo(CommandState.CONFIRMED);
    try (Association again = anybody(AssociationRequest.open())) {
      assertThat(gives(again, ENERGY)).isTrue();
    }

    MeterAccess.Client closed = only(Set.of()).apply(open);
    assertThat(order(closed).outcome()).isEqualTo(CommandState.CONFIRMED);
    assertThatThrownBy(() -> anybody(AssociationRequest.open()))
        .isInstanceOf(AssociationRefused.class);
    assertThat(AccessDifference.between(with(made, PUBLIC, c -> closed), read())).isEmpty();

    // what no order brings
    AccessRights clock =
        open.objects().stream().filter(o -> o.object().equals(CLOCK)).findFirst().orElseThrow();
    AccessRights written =
        new AccessRights(
            clock.classId(),
            clock.version(),
            CLOCK,
            new java.util.TreeMap<>(java.util.Map.of(2, AccessRights.READ | AccessRights.WRITE)),
            clock.methods());
    MeterReceipt more =
        order(new MeterAccess.Client(PUBLIC, open.association(), open.level(), List.of(written)));
    assertThat(more.outcome()).isEqualTo(CommandState.REFUSED);
    MeterAccess.Client office = made.client(MANAGEMENT).orElseThrow();
    assertThat(order(office, Acse.Mechanism.NONE).outcome()).isEqualTo(CommandState.REFUSED);
    assertThat(order(only(Set.of(CLOCK)).apply(office)).outcome()).isEqualTo(CommandState.REFUSED);
    assertThat(configure(office, 7, new byte[] {9, 1, 1}).outcome())
        .isEqualTo(CommandState.REFUSED);
    assertThat(read().client(MANAGEMENT)).contains(office);
  }
}
