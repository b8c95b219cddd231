package org.gridwarden.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.simulator.Confirmed;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed commands over real DLMS: to meters that call in, and to meters that are called. */
class SignedCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final MeterId FIRST = new MeterId("GW-0000001");
  private static final MeterId SECOND = new MeterId("GW-0000002");
  private static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  private static final ObisCode INTERVAL = ObisCode.parse("1.0.1.29.0.255");
  private static final ObisCode POWER = ObisCode.parse("1.0.1.7.0.255");
  private static final ObisCode BREAKER_LOG = ObisCode.parse("0.0.96.11.2.255");
  private static final String CONTROL_MODE = "0.0.96.3.10.255:70:4";

  @TempDir Path folder;
  private CommandField field;
  private final List<Confirmed> told = new ArrayList<>();

  @BeforeEach
  void open() throws IOException, ChannelException {
    field = new CommandField(folder);
  }

  @AfterEach
  void close() {
    field.close();
  }

  private StreetSettings settings(int meters) {
    return StreetSettings.of(meters)
        .withHistory(Duration.ZERO)
        .withEvery(Duration.ofSeconds(1))
        .withOperators(field.operators);
  }

  /** A street whose meters have all called in. */
  private Street street(StreetSettings settings) throws IOException {
    Street street = Street.of(settings, Households.load(), field);
    field.ship(street::writeShipment);
    street.start(field.address());
    await()
        .atMost(SOON)
        .until(() ->
            street.serials().stream().allMatch(serial -> field.tcp.reaches(new MeterId(serial))));
    return street;
  }

  private List<Confirmed.Fact> told(Street street, String serial) {
    told.addAll(street.journal().drain());
    return told.stream()
        .filter(c -> c.serial().equals(serial))
        .flatMap(c -> c.facts().stream())
        .toList();
  }

  private List<Integer> events(Street street, String serial) {
    return told(street, serial).stream()
        .filter(f -> f instanceof Confirmed.Event event && event.log().equals(BREAKER_LOG))
        .map(f -> ((Confirmed.Event) f).code())
        .toList();
  }

  private List<Confirmed.Value> values(Street street, String serial, ObisCode channel) {
    return told(street, serial).stream()
        .filter(f -> f instanceof Confirmed.Value value && value.channel().equals(channel))
        .map(f -> (Confirmed.Value) f)
        .toList();
  }

  private static void refused(Fault.Code code, Attempt attempt) {
    assertThatThrownBy(attempt::send)
        .isInstanceOfSatisfying(
            ChannelException.class, e -> assertThat(e.fault().code()).isEqualTo(code));
  }

  /** Sends something. */
  private interface Attempt {
    void send() throws Exception;
  }

  @Test
  @DisplayName(
      "C9: a disconnection over the meter's own connection: receipt, event, no more energy")
  void disconnected() throws Exception {
    try (Street street = street(settings(2))) {
      try (MeterSession session = field.tcp.open(FIRST, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.remembersCommands()).isTrue();
        assertThat(session.look(new Action.Disconnect())).isEmpty();
      }
      Instant before = field.instant();
      MeterReceipt receipt = field.command(field.tcp, FIRST, new Action.Disconnect());
      assertThat(receipt.outcome()).isEqualTo(CommandState.CONFIRMED);
      assertThat(receipt.at()).isBetween(before.minusSeconds(5), field.instant().plusSeconds(5));
      assertThat(street.isConnected(1)).isFalse();
      assertThat(street.isConnected(2)).isTrue();
      await().atMost(SOON).until(() -> events(street, FIRST.value()).contains(62));
      try (MeterSession session = field.tcp.open(FIRST, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.look(new Action.Disconnect())).contains(CommandState.CONFIRMED);
        assertThat(session.look(new Action.Connect())).isEmpty();
      }

      field.ahead.set(Duration.ofHours(3));
      Instant later = field.instant().minusSeconds(60);
      await()
          .atMost(SOON)
          .until(() -> last(values(street, FIRST.value(), POWER)).at().isAfter(later));
      assertThat(last(values(street, FIRST.value(), POWER)).raw()).isZero();
      List<Confirmed.Value> registers = values(street, FIRST.value(), REGISTER);
      long open =
          registers.stream()
              .filter(v -> v.at().isAfter(receipt.at()))
              .findFirst()
              .orElseThrow()
              .raw();
      assertThat(last(registers).at()).isAfter(later);
      assertThat(last(registers).raw()).as("the register stands still").isEqualTo(open);
      long neighbours = values(street, SECOND.value(), REGISTER).getFirst().raw();
      await()
          .atMost(SOON)
          .until(() -> last(values(street, SECOND.value(), REGISTER)).raw() > neighbours);
      List<Integer> slots =
          told(street, FIRST.value()).stream()
              .filter(f -> f instanceof Confirmed.Slots s && s.channel().equals(INTERVAL))
              .flatMap(f -> since((Confirmed.Slots) f, receipt.at()))
              .toList();
      assertThat(slots).hasSizeGreaterThan(8).containsOnly(0);
      await()
          .atMost(SOON)
          .until(() ->
              field.submitted.stream()
                  .flatMap(r -> r.content().stream())
                  .anyMatch(m -> m.toString().contains("breaker.disconnected-remote")));
    }
  }

  /** The slots that began after a moment. */
  private static Stream<Integer> since(Confirmed.Slots slots, Instant moment) {
    return IntStream.range(0, slots.values().size())
        .filter(i -> slots.start().plusSeconds((long) i * slots.seconds()).isAfter(moment))
        .mapToObj(slots.values()::get);
  }

  private static <T> T last(List<T> list) {
    return list.getLast();
  }

  @Test
  @DisplayName(
      "C1 C9 C10: no operator, no seal, an old counter, another's or a late order: nothing")
  void nothingHappens() throws Exception {
    try (Street street = street(settings(2))) {
      KeyPair stranger = CommandField.pair();
      Order order = field.order(FIRST, new Action.Disconnect());
      SignedCommand strangers = CommandField.signed(order, FIRST, stranger);
      refused(Fault.Code.FORBIDDEN, () -> field.send(field.tcp, strangers));

      SignedCommand good = field.signed(FIRST, new Action.Disconnect());
      field.otherSeal = Optional.of(new Secret(new byte[32]));
      refused(Fault.Code.FORBIDDEN, () -> field.send(field.tcp, good));
      field.otherSeal = Optional.empty();

      field.trusted.remove(Signed.keyId(field.operator.getPublic()));
      refused(Fault.Code.FORBIDDEN, () -> field.send(field.tcp, good));
      field.trusted.put(field.operator.getPublic());

      SignedCommand others =
          CommandField.signed(field.order(SECOND, new Action.Disconnect()), FIRST, field.operator);
      Receipt refusal = field.send(field.tcp, others);
      assertThat(field.verified(FIRST, refusal).outcome()).isEqualTo(CommandState.REFUSED);

      Instant now = field.instant();
      Order late =
          new Order(
              order.id(),
              FIRST,
              new Action.Disconnect(),
              now.minusSeconds(3_600),
              now.minusSeconds(1_800),
              "olivia");
      assertThat(
              field
                  .verified(
                      FIRST,
                      field.send(field.tcp, CommandField.signed(late, FIRST, field.operator)))
                  .outcome())
          .isEqualTo(CommandState.EXPIRED);

      // what the meter saw once it does not see again, however good the rest is
      long seen = field.counters.get() - 1;
      field.command(field.tcp, SECOND, new Action.Read());
      field.command(field.tcp, FIRST, new Action.Read());
      field.onlyReserve = Optional.of(seen);
      refused(Fault.Code.FORBIDDEN, () -> field.send(field.tcp, good));
      field.onlyReserve = Optional.empty();

      assertThat(street.isConnected(1)).isTrue();
      assertThat(street.isConnected(2)).isTrue();
      assertThat(field.command(field.tcp, FIRST, new Action.Read()).detail())
          .startsWith("1.0.1.8.0.255 = ");
      assertThat(events(street, FIRST.value())).isEmpty();
    }
  }

  @Test
  @DisplayName("C1: a command that comes again gives the same receipt, also after a power cut")
  void again() throws Exception {
    StreetSettings settings = settings(1).withState(folder.resolve("street"));
    SignedCommand command = field.signed(FIRST, new Action.Disconnect());
    byte[] evidence;
    try (Street street = street(settings)) {
      evidence = field.send(field.tcp, command).evidence();
      assertThat(field.send(field.tcp, command).evidence()).isEqualTo(evidence);
      await().atMost(SOON).until(() -> !events(street, FIRST.value()).isEmpty());
      assertThat(events(street, FIRST.value())).containsExactly(62);
      assertThat(field.command(field.tcp, FIRST, new Action.Connect()).outcome())
          .isEqualTo(CommandState.CONFIRMED);
      assertThat(street.isConnected(1)).isTrue();
    }
    await().atMost(SOON).until(() -> !field.tcp.reaches(FIRST));
    try (Street street = street(settings)) {
      assertThat(street.isConnected(1)).isTrue();
      assertThat(field.send(field.tcp, command).evidence()).isEqualTo(evidence);
      assertThat(street.isConnected(1)).as("it was done before, and is not done again").isTrue();
    }
  }

  @Test
  @DisplayName("in control mode 3 a connection makes ready, and the consumer's button connects")
  void ready() throws Exception {
    try (Street street = street(settings(1))) {
      byte[] three = Axdr.encode(new DlmsData.Enumerated(3));
      Action.Configure mode = new Action.Configure(CONTROL_MODE, three);
      assertThat(field.command(field.tcp, FIRST, mode).outcome()).isEqualTo(CommandState.CONFIRMED);
      field.command(field.tcp, FIRST, new Action.Disconnect());
      assertThat(street.pressButton(1)).as("not while it is disconnected from afar").isFalse();
      assertThat(field.command(field.tcp, FIRST, new Action.Connect()).outcome())
          .isEqualTo(CommandState.READY);
      assertThat(street.isConnected(1)).isFalse();
      try (MeterSession session = field.tcp.open(FIRST, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.look(new Action.Connect())).contains(CommandState.READY);
        assertThat(session.look(mode)).contains(CommandState.CONFIRMED);
      }
      assertThat(street.pressButton(1)).isTrue();
      await().atMost(SOON).until(() -> events(street, FIRST.value()).equals(List.of(62, 61)));
    }
  }

  @Test
  @DisplayName(
      "limit, price, tariff, clock: done; keys and other attributes: refused with a reason")
  void others() throws Exception {
    try (Street street = street(settings(1))) {
      assertThat(field.command(field.tcp, FIRST, new Action.LimitLoad(100, Duration.ofHours(4))))
          .returns(CommandState.CONFIRMED, MeterReceipt::outcome);
      field.ahead.set(Duration.ofHours(2));
      Instant later = field.instant().minusSeconds(60);
      await()
          .atMost(SOON)
          .until(() -> last(values(street, FIRST.value(), POWER)).at().isAfter(later));
      assertThat(last(values(street, FIRST.value(), POWER)).raw()).isLessThanOrEqualTo(100);
      List<Confirmed.Value> registers = values(street, FIRST.value(), REGISTER);
      assertThat(last(registers).raw() - registers.getFirst().raw())
          .as("at most 100 W for two hours, and what came before")
          .isLessThanOrEqualTo(230);

      Action price = new Action.SetPrice(312_000, "CHF", field.instant());
      assertThat(field.command(field.tcp, FIRST, price).outcome())
          .isEqualTo(CommandState.CONFIRMED);
      byte[] calendar = Axdr.encode(DlmsData.Array.of());
      assertThat(
              field.command(
                  field.tcp, FIRST, new Action.SetTariff("winter", calendar, field.instant())))
          .returns(CommandState.CONFIRMED, MeterReceipt::outcome);
      assertThat(field.command(field.tcp, FIRST, new Action.SetClock()).outcome())
          .isEqualTo(CommandState.CONFIRMED);
      try (MeterSession session = field.tcp.open(FIRST, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.look(new Action.SetClock())).contains(CommandState.CONFIRMED);
        assertThat(session.clock().off().abs()).isLessThan(Duration.ofSeconds(3));
      }
      for (Action none :
          List.of(
              new Action.ChangeKeys(List.of()),
              new Action.UpdateFirmware("2.0", new byte[32]),
              new Action.Configure("1.0.1.8.0.255:3:2", new byte[] {0}))) {
        MeterReceipt receipt = field.command(field.tcp, FIRST, none);
        assertThat(receipt.outcome()).as(none.word()).isEqualTo(CommandState.REFUSED);
        assertThat(receipt.detail()).isNotBlank();
      }
    }
  }

  @Test
  @DisplayName("C9: a meter that is called: the same, and its keys alone switch nothing")
  void called() throws Exception {
    PullSettings settings = PullSettings.of(2).withSeed(7).withOperators(field.operators);
    try (PullStreet street = PullStreet.open(settings, Households.load(), field, 0)) {
      field.ship(street::writeShipment);
      MeterId meter = new MeterId(PullStreet.serial(1));
      SignedCommand command = field.signed(meter, new Action.Disconnect());
      Receipt receipt = field.send(field.calls, command);
      assertThat(field.verified(meter, receipt).outcome()).isEqualTo(CommandState.CONFIRMED);
      assertThat(street.isConnected(1)).isFalse();
      assertThat(field.send(field.calls, command).evidence()).isEqualTo(receipt.evidence());
      refused(
          Fault.Code.FORBIDDEN,
          () ->
              field.send(
                  field.calls,
                  CommandField.signed(
                      field.order(meter, new Action.Connect()), meter, CommandField.pair())));
      try (MeterSession session = field.calls.open(meter, Deadline.in(CommandField.PATIENCE))) {
        assertThat(session.look(new Action.Disconnect())).contains(CommandState.CONFIRMED);
      }
      assertThat(field.command(field.calls, meter, new Action.Connect()).outcome())
          .isEqualTo(CommandState.CONFIRMED);
      assertThat(street.isConnected(1)).isTrue();

      KeysAlone.tryEverything(street.address(1), field, meter);
      assertThat(street.isConnected(1)).isTrue();
    }
  }

  @Test
  @DisplayName("commands to 100 meters amid their pushes: each has its receipt, no reading is lost")
  void hundred() throws Exception {
    int meters = 100;
    Set<String> confirmed = ConcurrentHashMap.newKeySet();
    try (Street street = street(settings(meters));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 3; round++) {
        Action action = round % 2 == 0 ? new Action.Disconnect() : new Action.Connect();
        List<Future<MeterReceipt>> receipts = new ArrayList<>();
        for (String serial : street.serials()) {
          receipts.add(threads.submit(() -> field.command(field.tcp, new MeterId(serial), action)));
        }
        for (Future<MeterReceipt> receipt : receipts) {
          assertThat(receipt.get().outcome()).isEqualTo(CommandState.CONFIRMED);
        }
      }
      for (int i = 1; i <= meters; i++) {
        assertThat(street.isConnected(i)).isFalse();
      }
      await()
          .atMost(SOON)
          .until(() -> {
            told.addAll(street.journal().drain());
            return told.stream()
                    .flatMap(c -> c.facts().stream())
                    .filter(f -> f instanceof Confirmed.Event e && e.log().equals(BREAKER_LOG))
                    .count()
                == 3L * meters;
          });
      assertThat(street.stats().refused()).isZero();
      assertThat(street.stats().retried()).as("no connection broke").isZero();
      street.close();
      told.addAll(street.journal().drain());
    }
    told.forEach(c -> confirmed.add(c.serial() + " " + c.counter()));
    assertThat(confirmed).hasSizeGreaterThan(4 * meters);
    Set<String> arrived = new HashSet<>();
    field.submitted.forEach(r -> arrived.add(r.id().meter() + " " + r.id().counter()));
    assertThat(arrived).containsAll(confirmed);
  }
}
