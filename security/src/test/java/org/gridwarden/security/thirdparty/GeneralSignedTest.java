package org.gridwarden.security.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GeneralSignedTest {
  static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
  static final byte[] METER = HexFormat.of().parseHex("47574d0000000001");
  static final KeyPair OLIVIA = pair("secp256r1");
  private static final KeyPair METER_KEY = pair("secp256r1");
  private static final byte[] KEY_ID = HexFormat.of().parseHex("5f0c3b9e2a7d1148");

  private static KeyPair pair(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static Order order(Action action) {
    return new Order(
        new CommandId(UUID.fromString("01a214fb-82b7-7b03-a15f-fec1d5d727b8")),
        new MeterId("GWM1"),
        action,
        NOW,
        NOW.plus(Duration.ofDays(1)),
        "olivia");
  }

  static GeneralSigned signed(Order order) throws CommandException {
    byte[] tbs = GeneralSigned.toBeSigned(order, Signed.keyId(OLIVIA.getPublic()), METER, NOW);
    return GeneralSigned.of(order, OLIVIA.getPublic(), METER, NOW, Signer.of(OLIVIA).sign(tbs));
  }

  @Test
  @DisplayName(
      "C10: what is signed says which meter, what, which transaction and within which time")
  void fields() throws CommandException {
    String expected =
        "10" // transaction id, 16 bytes: the command's
            + "01a214fb82b77b03a15ffec1d5d727b8"
            + "08" // originator: GWO and the first five bytes of the key's id
            + "47574f5f0c3b9e2a"
            + "08" // recipient
            + "47574d0000000001"
            + "0c" // date-time: Thursday 2026-11-26 10:00:00.00 UTC
            + "07ea0b1a040a000000000000"
            + "2e" // other information, 46 bytes
            + "0205" // structure of five
            + "1101" // version 1
            + "091001a214fb82b77b03a15ffec1d5d727b8"
            + "0a0447574d31" // GWM1
            + "15000000006b080320" // not before
            + "15000000006b0954a0" // expires
            + "0f" // content, 15 bytes: ACTION-Request-Normal, class 70, 0.0.96.3.10.255, method 1
            + "c301c1"
            + "0046"
            + "000060030aff"
            + "01"
            + "010f00"; // parameters: integer 0
    byte[] bytes = GeneralSigned.toBeSigned(order(new Action.Disconnect()), KEY_ID, METER, NOW);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
  }

  @Test
  void requests() {
    assertThat(hex(new Action.Connect())).isEqualTo("c301c10046000060030aff02010f00");
    assertThat(hex(new Action.Arm())).isEqualTo("c301c10046000060030aff02010f00");
    assertThat(hex(new Action.Configure("0.0.17.0.0.255:71:4", new byte[] {0x12, 1, 2})))
        .isEqualTo("c101c10047" + "0000110000ff" + "04" + "00" + "120102");
    assertThat(StandardRequest.does(new Action.SetClock())).isFalse();
    assertThat(StandardRequest.does(new Action.Configure("0.0.17.0.0.256:71:4", new byte[1])))
        .isFalse();
    assertThat(StandardRequest.does(new Action.Configure("0.0.17.0.0.255:71:256", new byte[1])))
        .isFalse();
    assertThatThrownBy(
            () -> GeneralSigned.toBeSigned(order(new Action.SetClock()), KEY_ID, METER, NOW))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("no single DLMS request does 'set-clock'");
  }

  private static String hex(Action action) {
    return HexFormat.of().formatHex(StandardRequest.of(action).orElseThrow());
  }

  @Test
  @DisplayName("C9, C12: it is that order, for that meter, by that key, or it is refused")
  void checked() throws CommandException {
    Order order = order(new Action.Disconnect());
    GeneralSigned signed = signed(order);
    assertThat(GeneralSigned.is(signed.bytes())).isTrue();
    GeneralSigned read = GeneralSigned.parse(signed.bytes());
    read.check(order, OLIVIA.getPublic(), METER);
    assertThat(read.at()).isEqualTo(NOW);
    assertThat(read.meter()).isEqualTo(METER);
    assertThat(read.operator()).isEqualTo(OperatorTitle.of(Signed.keyId(OLIVIA.getPublic())));

    refused(read, order(new Action.Connect()), OLIVIA, METER);
    refused(read, order, METER_KEY, METER);
    refused(read, order, OLIVIA, new byte[8]);
    refused(
        read,
        new Order(
            order.id(), order.meter(), order.action(), NOW, order.expires().plusSeconds(1), "x"),
        OLIVIA,
        METER);
    byte[] whole = signed.bytes();
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> GeneralSigned.parse(changed).check(order, OLIVIA.getPublic(), METER))
          .as("byte %d", at)
          .isInstanceOf(CommandException.class);
    }
  }

  private static void refused(GeneralSigned signed, Order order, KeyPair key, byte[] meter) {
    assertThatThrownBy(() -> signed.check(order, key.getPublic(), meter))
        .isInstanceOf(CommandException.class);
  }

  /** As a meter answers. */
  static byte[] answer(byte[] transaction, byte[] from, byte[] to, byte[] content, KeyPair by)
      throws CommandException {
    GeneralSigned.Parts unsigned =
        new GeneralSigned.Parts(
            transaction, from, to, DlmsTime.of(NOW), new byte[0], content, new byte[64]);
    byte[] signature = Signer.of(by).sign(unsigned.toBeSigned());
    return new GeneralSigned.Parts(
            transaction, from, to, DlmsTime.of(NOW), new byte[0], content, signature)
        .bytes();
  }

  @Test
  @DisplayName("C9: an answer is evidence of its own command, by its own meter, and of no other")
  void answers() throws CommandException {
    CommandId id = order(new Action.Disconnect()).id();
    byte[] transaction = HexFormat.of().parseHex("01a214fb82b77b03a15ffec1d5d727b8");
    byte[] operator = OperatorTitle.of(KEY_ID);
    byte[] done = HexFormat.of().parseHex("c701c10000");
    byte[] genuine = answer(transaction, METER, operator, done, METER_KEY);
    assertThat(SignedAnswer.open(genuine, METER_KEY.getPublic(), METER, operator, id))
        .isEqualTo(new SignedAnswer(id, CommandState.CONFIRMED, NOW, "done"));
    byte[] denied =
        answer(transaction, METER, operator, HexFormat.of().parseHex("c501c103"), METER_KEY);
    assertThat(SignedAnswer.open(denied, METER_KEY.getPublic(), METER, operator, id))
        .isEqualTo(new SignedAnswer(id, CommandState.REFUSED, NOW, "not done: read-write denied"));

    no(answer(transaction, METER, operator, done, OLIVIA), operator, id);
    no(answer(transaction, new byte[8], operator, done, METER_KEY), operator, id);
    no(answer(transaction, METER, new byte[8], done, METER_KEY), operator, id);
    no(genuine, operator, new CommandId(UUID.randomUUID()));
    no(answer(transaction, METER, operator, new byte[] {1, 2, 3, 4}, METER_KEY), operator, id);
    for (int at = 0; at < genuine.length; at++) {
      byte[] changed = genuine.clone();
      changed[at] ^= 1;
      no(changed, operator, id);
    }
  }

  private static void no(byte[] answer, byte[] operator, CommandId id) {
    assertThatThrownBy(() -> SignedAnswer.open(answer, METER_KEY.getPublic(), METER, operator, id))
        .isInstanceOf(CommandException.class);
  }
}
