package org.gridwarden.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.simulator.Households;
import org.gridwarden.simulator.PullSettings;
import org.gridwarden.simulator.PullStreet;
import org.gridwarden.simulator.Street;
import org.gridwarden.simulator.StreetSettings;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.StoredCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** New keys for meters that push and for meters that are called, with power cuts at each step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyChangeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int METERS = 8;

  /** What goes wrong with a command on its way. */
  private enum Cut {
    NOTHING,
    /** The process dies once it is said to be sent, and before it is. */
    BEFORE_SENDING,
    /** The process dies once the meter has done it. */
    BEFORE_THE_RECEIPT
  }

  @TempDir static Path folder;
  private volatile Cut cut = Cut.NOTHING;
  private volatile Duration ahead = Duration.ZERO;
  private final InstantSource clock = () -> Instant.now().plus(ahead);
  private KeyTown town;
  private Street street;
  private PullStreet called;

  @BeforeAll
  void open() throws Exception {
    town = new KeyTown(folder, 0, this::cut, clock);
    called =
        PullStreet.open(
            PullSettings.of(METERS)
                .withSeed(4)
                .withOperators(KeyTown.operators(folder))
                .withState(folder.resolve("called.meters")),
            Households.load(),
            clock,
            0);
    town.ship(called::writeShipment);
    street = street();
    town.ship(street::writeShipment);
    street.start(town.headEnd());
    town.awaitCalledIn(all());
  }

  private static MeterId pushing(int number) {
    return new MeterId("GW-000000" + number);
  }

  private static MeterId called(int number) {
    return new MeterId("GR-000000" + number);
  }

  private static List<MeterId> all() {
    return IntStream.rangeClosed(1, METERS)
        .boxed()
        .flatMap(n -> Stream.of(pushing(n), called(n)))
        .toList();
  }

  private Street street() throws Exception {
    return Street.of(
        StreetSettings.of(METERS)
            .withSeed(5)
            .withState(folder.resolve("street.state"))
            .withHistory(Duration.ZERO)
            .withEvery(Duration.ofSeconds(1))
            .withOperators(KeyTown.operators(folder)),
        Households.load(),
        clock);
  }

  @AfterAll
  void close() throws Exception {
    street.close();
    called.close();
    town.close();
  }

  /** The office's process is another one, later than its predecessor's leases. */
  private void powerCut() throws Exception {
    int port = town.headEnd().getPort();
    town.close();
    cut = Cut.NOTHING;
    ahead = ahead.plusMinutes(3);
    town = new KeyTown(folder, port, this::cut, clock);
    town.awaitCalledIn(all());
  }

  private MeterWay cut(MeterWay way) {
    return new MeterWay() {
      @Override
      public boolean reaches(MeterId meter) {
        return way.reaches(meter);
      }

      @Override
      public boolean remembers(MeterId meter) throws ChannelException, InterruptedException {
        return way.remembers(meter);
      }

      @Override
      public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
        if (cut == Cut.BEFORE_SENDING) {
          throw new IllegalStateException("the process dies here");
        }
        Receipt receipt = way.send(command);
        if (cut == Cut.BEFORE_THE_RECEIPT) {
          throw new IllegalStateException("the process dies here");
        }
        return receipt;
      }

      @Override
      public Optional<CommandState> look(MeterId meter, Action action)
          throws ChannelException, InterruptedException {
        return way.look(meter, action);
      }
    };
  }

  private void changed(MeterId meter, String before) throws Exception {
    assertThat(town.inForce(meter)).isNotEqualTo(before).isNotEmpty();
    assertThat(town.in(meter, KeyBook.State.PENDING)).isEmpty();
    assertThat(town.in(meter, KeyBook.State.IN_FORCE)).hasSize(3); // with its master key
    assertThat(town.obeys(meter)).as("it is reached under the new keys").isTrue();
    assertThat(town.replays()).isZero();
  }

  private void awaitHeardUnderTheNewKey(MeterId meter) {
    String now = town.inForce(meter);
    await().atMost(SOON).until(() -> town.heard(meter, now) > 2);
  }

  @Test
  @DisplayName("C5 C9 C17: keys change by a signed command; the old ones are worth nothing then")
  void changes() throws Exception {
    for (MeterId meter : List.of(pushing(1), called(1))) {
      String before = town.inForce(meter);
      assertThat(before).isEqualTo(KeyTown.factory());
      StoredCommand command = town.rotate(meter);
      assertThat(command.state())
          .as("a second person is asked")
          .isEqualTo(CommandState.QUARANTINED);
      assertThat(town.in(meter, KeyBook.State.PENDING)).hasSize(2);
      assertThat(town.keys.pending(meter, Purpose.COMMAND_SEAL)).isPresent();
      town.give(command);
      assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.CONFIRMED);
      changed(meter, before);
      assertThat(town.keys.pending(meter, Purpose.COMMAND_SEAL)).isEmpty();
      assertThat(town.in(meter, KeyBook.State.RETIRED)).hasSize(2);
    }
    awaitHeardUnderTheNewKey(pushing(1));
    // and once more, from there
    String second = town.inForce(pushing(1));
    StoredCommand again = town.rotate(pushing(1));
    town.give(again);
    assertThat(town.awaitEnd(again).state()).isEqualTo(CommandState.CONFIRMED);
    changed(pushing(1), second);
    awaitHeardUnderTheNewKey(pushing(1));
  }

  @Test
  @DisplayName("C17: the office dies with the order drafted, and once more before it is sent")
  void diesBeforeSending() throws Exception {
    for (MeterId meter : List.of(pushing(2), called(2))) {
      String before = town.inForce(meter);
      StoredCommand command = town.rotate(meter);
      powerCut();
      assertThat(town.inForce(meter)).isEqualTo(before);
      assertThat(town.obeys(meter)).as("meanwhile it is reached as before").isTrue();
      cut = Cut.BEFORE_SENDING;
      town.give(command);
      await().atMost(SOON).until(() -> town.is(command).state() == CommandState.SENT);
      powerCut();
      assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.CONFIRMED);
      changed(meter, before);
    }
  }

  @Test
  @DisplayName("C17: the office dies once the meter has its new keys: it is reached all the same")
  void diesBeforeTheReceipt() throws Exception {
    for (MeterId meter : List.of(pushing(3), called(3))) {
      String before = town.inForce(meter);
      StoredCommand command = town.rotate(meter);
      cut = Cut.BEFORE_THE_RECEIPT;
      town.give(command);
      await().atMost(SOON).until(() -> town.is(command).state() == CommandState.SENT);
      if (meter.equals(pushing(3))) {
        // it tells by itself, under the new key
        await().atMost(SOON).until(() -> !town.inForce(meter).equals(before));
        awaitHeardUnderTheNewKey(pushing(3));
      }
      powerCut();
      assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.CONFIRMED);
      changed(meter, before);
    }
  }

  @Test
  @DisplayName("C17: the meter loses its power once it has its new keys: it has them afterwards")
  void meterDies() throws Exception {
    String before = town.inForce(pushing(4));
    StoredCommand command = town.rotate(pushing(4));
    town.give(command);
    assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.CONFIRMED);
    street.close();
    street = street();
    street.start(town.headEnd());
    town.awaitCalledIn(List.of(pushing(4)));
    changed(pushing(4), before);
    awaitHeardUnderTheNewKey(pushing(4));
  }

  @Test
  @DisplayName(
      "C17: nobody knows what became of it: both keys are taken, and the same is sent again")
  void inDoubt() throws Exception {
    String before = town.inForce(called(5));
    StoredCommand command = town.rotate(called(5));
    cut = Cut.BEFORE_THE_RECEIPT;
    town.give(command);
    await().atMost(SOON).until(() -> town.is(command).state() == CommandState.SENT);
    ahead = ahead.plusDays(2); // its time is over meanwhile
    powerCut();
    assertThat(town.awaitEnd(command).state()).isEqualTo(CommandState.FAILED);
    assertThat(town.inForce(called(5))).isEqualTo(before);
    List<KeyBook.Listed> pending = town.in(called(5), KeyBook.State.PENDING);
    assertThat(pending).hasSize(2);
    assertThat(town.obeys(called(5))).isTrue();
    StoredCommand again = town.rotate(called(5));
    assertThat(town.in(called(5), KeyBook.State.PENDING).stream().map(k -> List.of(k.keyId())))
        .hasSameSizeAs(pending);
    town.give(again);
    assertThat(town.awaitEnd(again).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(town.in(called(5), KeyBook.State.IN_FORCE))
        .anySatisfy(key -> assertThat(key.keyId()).isEqualTo(pending.getFirst().keyId()));
    changed(called(5), before);
  }

  @Test
  @DisplayName("C17: a refused and an expired change leave nothing behind")
  void refused() throws Exception {
    String before = town.inForce(pushing(6));
    StoredCommand command = town.rotate(pushing(6));
    town.office.refuse(command.id(), KeyTown.PETER, "not now");
    assertThat(town.in(pushing(6), KeyBook.State.PENDING)).isEmpty();
    StoredCommand second = town.rotate(pushing(6));
    ahead = ahead.plusDays(2);
    assertThat(
            town.office
                .approve(
                    second.id(),
                    KeyTown.PETER,
                    org.gridwarden.headend.command.CommandOffice.order(second).bytes())
                .state())
        .isEqualTo(CommandState.EXPIRED);
    assertThat(town.in(pushing(6), KeyBook.State.PENDING)).isEmpty();
    assertThat(town.inForce(pushing(6))).isEqualTo(before);
    assertThat(town.obeys(pushing(6))).isTrue();
  }

  @Test
  @DisplayName("C9: two changes at once are refused, and one of the seal alone leaves the others")
  void oneAtATime() throws Exception {
    StoredCommand seal =
        town.draft(
                List.of(called(7)), new Action.ChangeKeys(List.of()), Set.of(Purpose.COMMAND_SEAL))
            .getFirst();
    AtomicReference<Fault.Code> code = new AtomicReference<>();
    try {
      town.rotate(called(7));
    } catch (org.gridwarden.headend.command.CommandFault e) {
      code.set(e.fault().code());
    }
    assertThat(code.get()).isEqualTo(Fault.Code.CONFLICT);
    town.give(seal);
    assertThat(town.awaitEnd(seal).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(town.inForce(called(7))).isEqualTo(KeyTown.factory());
    assertThat(town.in(called(7), KeyBook.State.RETIRED)).hasSize(1);
    assertThat(town.obeys(called(7))).isTrue();
  }
}
