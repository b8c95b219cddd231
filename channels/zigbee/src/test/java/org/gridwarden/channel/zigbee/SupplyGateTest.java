package org.gridwarden.channel.zigbee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TrustFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate before meters that have no tunnel. */
class SupplyGateTest {
  private static final MeterId METER = new MeterId("GW-0000001");
  private static final MeterId OTHER = new MeterId("GW-0000002");

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-26T00:15:00Z");
  private KeyPair operator;
  private SupplyGate gate;
  private final List<byte[]> sent = new ArrayList<>();
  private OptionalInt stands = OptionalInt.of(0);

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @BeforeEach
  void open() throws Exception {
    operator = pair();
    Path own = Files.createDirectories(folder.resolve("gate"));
    Files.writeString(own.resolve("meters.txt"), "# without a tunnel\n" + METER + "\n");
    new TrustFolder(own.resolve("operators")).put(operator.getPublic());
    gate = open(folder).orElseThrow();
  }

  private Optional<SupplyGate> open(Path coordinator) throws Exception {
    return SupplyGate.open(coordinator, DongleGate.of(coordinator, () -> now), () -> now);
  }

  private OptionalInt hand(byte[] payload, long event) {
    sent.add(payload);
    return stands;
  }

  private SignedCommand signed(KeyPair by, MeterId meter, Action action, int number)
      throws Exception {
    CommandId id = new CommandId(new UUID(5, number));
    Order order = new Order(id, meter, action, now, now.plusSeconds(120), "olga");
    byte[] bytes = Signed.sign(Purpose.ORDER, Signer.of(by), order.bytes()).bytes();
    return new SignedCommand(id, meter, bytes);
  }

  private Receipt send(SignedCommand command) throws Exception {
    return gate.send(command, this::hand);
  }

  @Test
  @DisplayName("C9: a signed order switches; the same one again switches nothing and says the same")
  void switched() throws Exception {
    SignedCommand command = signed(operator, METER, new Action.Disconnect(), 1);
    Receipt receipt = send(command);
    assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst()[16]).as("off").isZero();
    assertThat(send(command).evidence()).isEqualTo(receipt.evidence());
    assertThat(open(folder).orElseThrow().send(command, this::hand).evidence())
        .as("after a restart, too")
        .isEqualTo(receipt.evidence());
    assertThat(sent).hasSize(1);
    GateRecord record =
        GateRecord.parse(
            Signed.parse(receipt.evidence())
                .open(
                    Purpose.GATE,
                    P256.publicKey(Files.readString(folder.resolve("gate/gate-key.pub.pem")))));
    assertThat(record.meter()).isEqualTo(METER);
    stands = OptionalInt.of(1);
    assertThat(send(signed(operator, METER, new Action.Connect(), 2)).state())
        .isEqualTo(CommandState.READY);
    stands = OptionalInt.of(0);
    assertThat(send(signed(operator, METER, new Action.Arm(), 3)).state())
        .as("the meter would not")
        .isEqualTo(CommandState.REFUSED);
  }

  @Test
  @DisplayName(
      "C9, C10: forged, another's, another meter's, too late: not a byte goes to the meter")
  void refused() throws Exception {
    assertThatThrownBy(() -> send(signed(pair(), METER, new Action.Disconnect(), 1)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("no operator");
    SignedCommand whole = signed(operator, METER, new Action.Disconnect(), 2);
    byte[] broken = whole.signed();
    broken[broken.length - 1] ^= 1;
    assertThatThrownBy(() -> send(new SignedCommand(whole.id(), METER, broken)))
        .isInstanceOf(ChannelException.class);
    SignedCommand others = signed(operator, OTHER, new Action.Disconnect(), 3);
    assertThat(send(others).state()).as("not its meter").isEqualTo(CommandState.REFUSED);
    assertThatThrownBy(() -> send(new SignedCommand(others.id(), METER, others.signed())))
        .hasMessageContaining("another one");
    SignedCommand late = signed(operator, METER, new Action.Disconnect(), 4);
    now = now.plusSeconds(241);
    assertThat(send(late).state()).isEqualTo(CommandState.EXPIRED);
    assertThat(
            send(signed(operator, METER, new Action.LimitLoad(5, Duration.ofHours(1)), 5)).state())
        .as("Zigbee lets nobody write a limit")
        .isEqualTo(CommandState.REFUSED);
    assertThat(sent).isEmpty();
  }

  @Test
  @DisplayName("C1: an order that was held back does not undo a later one")
  void overtaken() throws Exception {
    SignedCommand first = signed(operator, METER, new Action.Disconnect(), 1);
    stands = OptionalInt.empty();
    assertThatThrownBy(() -> send(first)).hasMessageContaining("says nothing");
    stands = OptionalInt.of(2);
    assertThat(send(signed(operator, METER, new Action.Connect(), 2)).state())
        .isEqualTo(CommandState.CONFIRMED);
    assertThat(send(first).state()).isEqualTo(CommandState.REFUSED);
    assertThat(sent).hasSize(2);
  }

  @Test
  void whereThereIsNoListThereIsNoGate() throws Exception {
    assertThat(open(folder.resolve("elsewhere"))).isEmpty();
    assertThat(gate.serves(METER)).isTrue();
    assertThat(gate.serves(OTHER)).isFalse();
  }
}
