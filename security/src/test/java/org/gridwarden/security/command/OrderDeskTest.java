package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OrderDeskTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final CommandId ID =
      new CommandId(UUID.fromString("019ab000-0000-7000-8000-000000000001"));
  private static final Secret SEAL = new Secret(new byte[32]);
  private static final KeyPair operator = pair();
  private static final KeyPair meterKey = pair();
  private static final KeyPair stranger = pair();

  private final List<Action> done = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private long seen = -1;
  private final OrderDesk desk =
      new OrderDesk(
          METER,
          SEAL,
          id ->
              Arrays.equals(id, Signed.keyId(operator.getPublic()))
                  ? Optional.of(operator.getPublic())
                  : Optional.empty(),
          Signer.of(meterKey),
          new OrderDesk.Counter() {
            @Override
            public long seen() {
              return seen;
            }

            @Override
            public void seen(long counter) {
              seen = counter;
            }
          },
          action -> {
            done.add(action);
            return new OrderDesk.Breaker.Done(CommandState.CONFIRMED, "open");
          },
          now::get);

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Order order(MeterId meter, Action action) {
    return new Order(ID, meter, action, NOON, NOON.plus(Duration.ofHours(1)), "olivia");
  }

  private static byte[] signed(KeyPair by, Order order) throws CommandException {
    return Signed.sign(Purpose.ORDER, Signer.of(by), order.bytes()).bytes();
  }

  private static byte[] dispatch(long counter, byte[] order) {
    return new Dispatch(counter, order).seal(SEAL);
  }

  private MeterReceipt take(byte[] dispatch) throws CommandException {
    return MeterReceipt.parse(
        Signed.parse(desk.take(dispatch)).open(Purpose.RECEIPT, meterKey.getPublic()));
  }

  @Test
  @DisplayName("the order's bytes are these, in the one way")
  void bytes() throws CommandException {
    Order order = order(METER, new Action.LimitLoad(3_000, Duration.ofHours(1)));
    String expected =
        "88" // an array of eight
            + "01" // version
            + "50"
            + "019ab000000070008000000000000001" // the id
            + "6a"
            + "47572d30303030303031" // GW-0000001
            + "6a"
            + "6c696d69742d6c6f6164" // limit-load
            + "47"
            + "82"
            + "190bb8"
            + "190e10" // parameters: 3000 W, 3600 s
            + "1a"
            + "6a259940" // not before
            + "1a"
            + "6a25a750" // expires
            + "66"
            + "6f6c69766961"; // olivia
    long notBefore = NOON.getEpochSecond();
    assertThat(HexFormat.of().formatHex(order.bytes()))
        .isEqualTo(
            expected
                .replace("6a259940", "%08x".formatted(notBefore))
                .replace("6a25a750", "%08x".formatted(notBefore + 3_600)));
    assertThat(Order.parse(order.bytes())).isEqualTo(order);
  }

  @Test
  @DisplayName(
      "C9: signed by an operator and sealed by the head-end it is done, and the receipt says so")
  void done() throws CommandException {
    MeterReceipt receipt =
        take(dispatch(1, signed(operator, order(METER, new Action.Disconnect()))));
    assertThat(receipt)
        .isEqualTo(new MeterReceipt(ID, METER, CommandState.CONFIRMED, NOON, "open"));
    assertThat(done).containsExactly(new Action.Disconnect());
  }

  @Test
  @DisplayName(
      "C9: the meter refuses where the operator's signature or the head-end's seal is missing")
  void eitherIsMissing() throws CommandException {
    Order order = order(METER, new Action.Disconnect());
    byte[] genuine = signed(operator, order);
    List<byte[]> forged =
        List.of(
            genuine, // no seal
            new Dispatch(1, genuine).seal(new Secret(new byte[] {1})), // another's seal
            dispatch(1, order.bytes()), // no signature
            dispatch(1, signed(stranger, order)), // a stranger's
            dispatch(
                1, // a meter's receipt in the place of an order
                Signed.sign(Purpose.RECEIPT, Signer.of(operator), order.bytes()).bytes()));
    for (byte[] message : forged) {
      assertThatThrownBy(() -> desk.take(message)).isInstanceOf(CommandException.class);
    }
    assertThat(done).isEmpty();
    assertThat(seen).as("what is not genuine moves no counter").isEqualTo(-1);
  }

  @Test
  @DisplayName("C9: one flipped bit anywhere, and nothing is done")
  void flipped() throws CommandException {
    byte[] genuine = dispatch(1, signed(operator, order(METER, new Action.Disconnect())));
    for (int bit = 0; bit < 8 * genuine.length; bit++) {
      byte[] flipped = genuine.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> desk.take(flipped)).isInstanceOf(CommandException.class);
    }
    // and inside a genuine seal: whoever owns the head-end cannot change the order
    byte[] order = signed(operator, order(METER, new Action.Disconnect()));
    for (int bit = 0; bit < 8 * order.length; bit++) {
      byte[] flipped = order.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      byte[] sealed = dispatch(1, flipped);
      assertThatThrownBy(() -> desk.take(sealed)).isInstanceOf(CommandException.class);
    }
    assertThat(done).isEmpty();
  }

  @Test
  @DisplayName("C10: bound to its meter and its time; swapped, early or late it is refused")
  void bound() throws CommandException {
    Order others = order(new MeterId("GW-0000002"), new Action.Disconnect());
    assertThat(take(dispatch(1, signed(operator, others))).outcome())
        .isEqualTo(CommandState.REFUSED);
    byte[] order =
        signed(
            operator,
            new Order(
                new CommandId(UUID.randomUUID()),
                METER,
                new Action.Disconnect(),
                NOON,
                NOON.plusSeconds(60),
                "olivia"));
    now.set(NOON.minus(Duration.ofMinutes(10)));
    assertThat(take(dispatch(2, order)).outcome()).isEqualTo(CommandState.REFUSED);
    byte[] late =
        signed(
            operator,
            new Order(ID2, METER, new Action.Disconnect(), NOON, NOON.plusSeconds(60), "o"));
    now.set(NOON.plus(Duration.ofMinutes(10)));
    assertThat(take(dispatch(3, late)).outcome()).isEqualTo(CommandState.EXPIRED);
    assertThat(done).isEmpty();
  }

  private static final CommandId ID2 =
      new CommandId(UUID.fromString("019ab000-0000-7000-8000-000000000002"));

  @Test
  @DisplayName(
      "C1: a replayed dispatch does nothing; the same command again gives the same receipt")
  void replayed() throws CommandException {
    byte[] order = signed(operator, order(METER, new Action.Disconnect()));
    byte[] first = desk.take(dispatch(5, order));
    assertThatThrownBy(() -> desk.take(dispatch(5, order))).hasMessageContaining("seen before");
    assertThatThrownBy(() -> desk.take(dispatch(4, order))).hasMessageContaining("seen before");
    assertThat(desk.take(dispatch(6, order))).isEqualTo(first);
    assertThat(done).hasSize(1);
  }

  @Test
  void everyActionComesBackAsItWent() throws CommandException {
    for (Action action :
        List.of(
            new Action.Disconnect(),
            new Action.Connect(),
            new Action.Arm(),
            new Action.SetClock(),
            new Action.ChangeKeys(List.of()),
            new Action.Read(),
            new Action.LimitLoad(0, Duration.ofDays(3)),
            new Action.SetPrice(-287_400, "EUR", NOON))) {
      assertThat(Order.parse(order(METER, action).bytes()).action()).isEqualTo(action);
    }
    Order tariff = order(METER, new Action.SetTariff("winter", new byte[] {1, 2}, NOON));
    Order firmware = order(METER, new Action.UpdateFirmware("2.1.0", new byte[32]));
    Order setting = order(METER, new Action.Configure("0.0.1.0.0.255:8:3", new byte[] {16, 0, 60}));
    for (Order order : List.of(tariff, firmware, setting)) {
      assertThat(Order.parse(order.bytes()).bytes()).isEqualTo(order.bytes());
    }
  }
}
