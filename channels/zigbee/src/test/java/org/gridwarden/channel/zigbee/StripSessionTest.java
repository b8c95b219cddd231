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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.channel.zigbee.Strips.Outlet;
import org.gridwarden.channel.zigbee.Strips.Ratio;
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

/** What switches a power strip's outlets, and what does not. */
class StripSessionTest {
  private static final MeterId STRIP = new MeterId("PS-0000001");
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final String THIRD = "0.3.96.3.10.255:70:2";

  @TempDir private Path folder;
  private KeyPair operator;
  private final Map<Integer, Boolean> state = new HashMap<>(Map.of(1, true, 2, true, 3, true));
  private Instant now = NOW;
  private boolean deaf;

  private final StripSession.Radio radio =
      new StripSession.Radio() {
        @Override
        public boolean turn(Outlet outlet, boolean on) {
          if (!deaf) {
            state.put(outlet.number(), on);
          }
          return !deaf;
        }

        @Override
        public Optional<Boolean> isOn(Outlet outlet) {
          return deaf ? Optional.empty() : Optional.ofNullable(state.get(outlet.number()));
        }
      };

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @BeforeEach
  void trustsOneOperator() throws Exception {
    operator = pair();
    new TrustFolder(folder.resolve("gate").resolve("operators")).put(operator.getPublic());
  }

  private StripSession session() throws Exception {
    List<Outlet> outlets = List.of(outlet(1), outlet(2), outlet(3));
    return new StripSession(STRIP, outlets, DongleGate.of(folder, () -> now), radio);
  }

  private static Outlet outlet(int number) {
    return new Outlet(number, number, Ratio.NONE, Ratio.NONE, Ratio.NONE, Ratio.NONE);
  }

  private static Action third(int value) {
    return new Action.Configure(THIRD, new byte[] {3, (byte) value});
  }

  private SignedCommand order(int number, MeterId meter, Action action, KeyPair by)
      throws Exception {
    CommandId id = new CommandId(new UUID(7, number));
    Order order = new Order(id, meter, action, NOW, NOW.plusSeconds(600), "olga");
    return new SignedCommand(
        id, STRIP, Signed.sign(Purpose.ORDER, Signer.of(by), order.bytes()).bytes());
  }

  private Receipt send(int number, Action action) throws Exception {
    return session().send(order(number, STRIP, action, operator));
  }

  @Test
  @DisplayName("C9, C10: an outlet is switched by a trusted operator's order alone, to this strip")
  void onlyAGenuineOrderSwitches() throws Exception {
    Receipt receipt = send(1, third(0));
    assertThat(receipt.state()).isEqualTo(CommandState.CONFIRMED);
    GateRecord record =
        GateRecord.parse(
            Signed.parse(receipt.evidence())
                .open(
                    Purpose.GATE,
                    P256.publicKey(Files.readString(folder.resolve("gate/gate-key.pub.pem")))));
    assertThat(record.detail()).isEqualTo("outlet 3 reads off");
    assertThat(state).containsExactlyInAnyOrderEntriesOf(Map.of(1, true, 2, true, 3, false));
    assertThat(session().look(third(0))).contains(CommandState.CONFIRMED);
    assertThat(session().look(third(1))).isEmpty();

    KeyPair stranger = pair();
    assertThatThrownBy(() -> session().send(order(2, STRIP, third(1), stranger)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("operators/");
    assertThatThrownBy(
            () -> session().send(order(3, new MeterId("PS-0000002"), third(1), operator)))
        .isInstanceOf(ChannelException.class)
        .hasMessageContaining("another one");
    SignedCommand whole = order(4, STRIP, third(1), operator);
    byte[] bent = whole.signed();
    bent[bent.length - 1] ^= 1;
    assertThatThrownBy(() -> session().send(new SignedCommand(whole.id(), STRIP, bent)))
        .isInstanceOf(ChannelException.class);
    assertThat(state.get(3)).isFalse();
  }

  @Test
  @DisplayName("C1, C10: an order that comes late, again, or after a later one switches nothing")
  void notTwiceAndNotLate() throws Exception {
    assertThat(send(1, third(0)).state()).isEqualTo(CommandState.CONFIRMED);
    deaf = true;
    assertThatThrownBy(() -> send(2, third(0))).hasMessageContaining("does not answer");
    deaf = false;
    assertThat(send(3, new Action.Connect()).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(send(1, third(0)).state()).as("it was done").isEqualTo(CommandState.CONFIRMED);
    assertThat(send(2, third(0)).state()).as("overtaken").isEqualTo(CommandState.REFUSED);
    assertThat(state.get(3)).isTrue();
    now = NOW.plus(Duration.ofMinutes(13));
    assertThat(send(4, third(0)).state()).isEqualTo(CommandState.EXPIRED);
    now = NOW.minus(Duration.ofMinutes(3));
    assertThat(send(5, third(0)).state()).isEqualTo(CommandState.REFUSED);
    assertThat(state.get(3)).isTrue();
  }

  @Test
  void withoutAGateNothingIsSwitched() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    StripSession ungated =
        new StripSession(STRIP, List.of(outlet(3)), DongleGate.of(elsewhere, () -> now), radio);
    SignedCommand command = order(1, STRIP, third(0), operator);
    assertThatThrownBy(() -> ungated.send(command))
        .hasMessageContaining("elsewhere/gate/operators");
    assertThat(state.get(3)).isTrue();
    new TrustFolder(elsewhere.resolve("gate").resolve("operators")).put(operator.getPublic());
    assertThat(ungated.send(command).state())
        .as("it need not be opened anew")
        .isEqualTo(CommandState.CONFIRMED);
  }

  @Test
  void whatAStripCannotDoIsRefused() throws Exception {
    assertThat(send(1, new Action.SetClock()).state()).isEqualTo(CommandState.REFUSED);
    assertThat(send(2, new Action.Configure("0.9.96.3.10.255:70:2", new byte[] {3, 0})).state())
        .as("it has three outlets")
        .isEqualTo(CommandState.REFUSED);
    assertThat(send(3, new Action.Configure("0.3.96.3.10.255:70:4", new byte[] {3, 0})).state())
        .as("another attribute")
        .isEqualTo(CommandState.REFUSED);
    assertThat(send(4, new Action.Configure(THIRD, new byte[] {0x16, 0})).state())
        .as("no boolean")
        .isEqualTo(CommandState.REFUSED);
    assertThat(send(5, new Action.Disconnect()).state()).isEqualTo(CommandState.CONFIRMED);
    assertThat(state.values()).as("all of it").containsOnly(false);
  }
}
