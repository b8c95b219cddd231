package org.gridwarden.security.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GroupCallTest {
  private static final Instant NOW = Instant.parse("2026-11-26T00:00:00Z");
  private static final CommandId ID = new CommandId(new UUID(1, 2));

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Test
  void asksAGroupForReadings() throws Exception {
    KeyPair operator = pair();
    GroupCall call =
        new GroupCall(ID, "feeder-7", new Action.Read(), NOW, NOW.plusSeconds(60), "olga");
    byte[] signed = call.sign(Signer.of(operator));
    assertThat(GroupCall.open(signed, operator.getPublic())).isEqualTo(call);
    KeyPair stranger = pair();
    assertThatThrownBy(() -> GroupCall.open(signed, stranger.getPublic()))
        .isInstanceOf(CommandException.class);
  }

  @Test
  @DisplayName("C9: a group is never ordered to switch, nor to take a price, keys or firmware")
  void switchesNothing() {
    for (Action action :
        List.of(
            new Action.Disconnect(),
            new Action.Connect(),
            new Action.Arm(),
            new Action.SetClock(),
            new Action.SetPrice(1, "EUR", NOW),
            new Action.ChangeKeys(List.of()),
            new Action.UpdateFirmware("1", new byte[32]))) {
      assertThatThrownBy(() -> new GroupCall(ID, "g", action, NOW, NOW.plusSeconds(60), "olga"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(action.word());
    }
  }

  @Test
  @DisplayName("C9: an order's signature is none on a call, and a forged word is refused")
  void isNoOrder() throws Exception {
    KeyPair operator = pair();
    byte[] disconnect =
        Cbor.write(out -> {
          out.writeStartArray(null, 7);
          out.writeNumber(1);
          out.writeBinary(new byte[16]);
          out.writeString("g");
          out.writeString("disconnect");
          out.writeNumber(1);
          out.writeNumber(2);
          out.writeString("olga");
          out.writeEndArray();
        });
    byte[] signed = Signed.sign(Purpose.GROUP, Signer.of(operator), disconnect).bytes();
    assertThatThrownBy(() -> GroupCall.open(signed, operator.getPublic()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("disconnect");
    byte[] asOrder = Signed.sign(Purpose.ORDER, Signer.of(operator), disconnect).bytes();
    assertThatThrownBy(() -> GroupCall.open(asOrder, operator.getPublic()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("signature");
  }
}
