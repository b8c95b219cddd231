package org.gridwarden.channel.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames as they come, and what of them reaches the engine. */
class ReducedTest {
  private static byte[] hex(String... parts) {
    return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
  }

  /** A frame on channel 0. */
  private static byte[] frame(String... body) {
    byte[] bytes = hex(body);
    return hex(
        HexFormat.of().toHexDigits(bytes.length + 8),
        "02 00 00 00",
        HexFormat.of().formatHex(bytes));
  }

  private static String body(byte[] frame) {
    return HexFormat.of().formatHex(frame, 8, frame.length);
  }

  @Test
  void keepsWhatIsLookedAtOfOpen() throws Exception {
    Reduced reduced =
        Reduced.of(
            frame(
                "00 53 10", // open
                "c0 1f 0a", // ten fields in 31 bytes
                "a1 02 4757", // container-id "GW"
                "40", // hostname
                "60 4000", // it should be 70: type and all stand as they are
                "40 40", // most channels, idle time
                "40 40 40 40", // locales, capabilities
                "c1 0f 02 a3 07 70726f64756374 a1 02 7878")); // properties: product is xx
    assertThat(body(reduced.frame()))
        .isEqualTo(
            "005310" + "d0" + "0000000e" + "00000005" + "a1024757" + "40" + "604000" + "4040");
    assertThat(reduced.error()).isEmpty();
  }

  @Test
  void keepsAddressesAlone() throws Exception {
    Reduced reduced =
        Reduced.of(
            frame(
                "00 53 12 c0 28 07", // attach, seven fields in 40 bytes
                "a1 01 6c 43 42 40 40", // name, handle, sender, settle modes
                "00 53 28 45", // a source that says nothing
                "00 53 29 c0 17 07 a1 05 67772f7570", // a target
                "43 40 43 42 40", // durable and so on
                "f0 00000005 00000000 a3")); // an array of symbols
    assertThat(body(reduced.frame())).contains("a10567772f7570"); // gw/up
    assertThat(body(reduced.frame())).doesNotContain("f0");
  }

  @Test
  void tellsWhatWentWrong() throws Exception {
    Reduced reduced =
        Reduced.of(
            frame(
                "00 53 18 c0 16 01", // close
                "00 53 1d c0 10 02", // an error
                "a3 06 616d71703a78", // amqp:x
                "a1 05 73746f7021")); // stop!
    assertThat(reduced.error()).contains("amqp:x stop!");
    assertThat(body(reduced.frame())).isEqualTo("00531845");
  }

  @Test
  void anEmptyFrameStaysOne() throws Exception {
    assertThat(Reduced.of(frame("")).frame()).isEqualTo(hex("00000008 02000000"));
  }

  @Test
  void whatStandsBehindATransferIsItsMessage() throws Exception {
    Reduced reduced = Reduced.of(frame("00 53 14 c0 05 03 43 43 a0 00", "0102030405"));
    assertThat(body(reduced.frame())).endsWith("0102030405");
    assertThatThrownBy(() -> Reduced.of(frame("00 53 13 45 01")))
        .isInstanceOf(AmqpException.class)
        .hasMessageContaining("more than its performative");
  }

  @Test
  @DisplayName("C39: what lies about its length, or is nothing, is refused")
  void refusesWhatIsNone() {
    for (byte[] none :
        new byte[][] {
          frame("00 53 10 c0 7f 01 40"), // a list longer than its frame
          frame("00 53 10 d0 ffffffff ffffffff"), // of four thousand millions
          frame("00 53 10 c0 00 01"), // shorter than its count
          frame("00 53 0f 45"), // no performative
          frame("00 53 41 45"), // of SASL
          frame("00 a3 01 78 45"), // by name
          frame("00 00 00 00 53 10 45"), // described over and over
          frame("45"), // not described
          frame("00 53 10 c0 03 01 a1 05"), // a text longer than its list
          frame("00 53 10 c0 02 01 10"), // no type
          hex("0000000a 01 00 0000 0053"), // its body begins in its head
          hex("0000000a ff 00 0000 0053"), // or behind it
          hex("00000008 02 07 0000") // of a type that is not
        }) {
      assertThatThrownBy(() -> Reduced.of(none))
          .as(HexFormat.of().formatHex(none))
          .isInstanceOf(AmqpException.class);
    }
  }

  @Test
  void cutsWhatComesIntoFrames() throws Exception {
    Frames frames = new Frames(64);
    byte[] all = new byte[8 + 8 + 10];
    System.arraycopy(Sasl.AMQP_HEADER, 0, all, 0, 8);
    System.arraycopy(hex("00000008 02000000"), 0, all, 8, 8);
    System.arraycopy(hex("0000000a 02000000 0102"), 0, all, 16, 10);
    int found = 0;
    for (byte one : all) {
      frames.add(new byte[] {one}, 1);
      var unit = frames.next();
      if (unit.isPresent()) {
        int length = found == 2 ? 10 : 8;
        assertThat(unit.get()).isEqualTo(Arrays.copyOfRange(all, found * 8, found * 8 + length));
        found++;
      }
    }
    assertThat(found).isEqualTo(3);
    frames.add(hex("00000041 02000000"), 8);
    assertThatThrownBy(frames::next).hasMessageContaining("8 to 64 bytes, not 65");
    Frames shorter = new Frames(64);
    shorter.add(Sasl.AMQP_HEADER, 8);
    shorter.next();
    shorter.add(hex("00000007 02000000"), 8);
    assertThatThrownBy(shorter::next).isInstanceOf(AmqpException.class);
  }

  @Test
  void findsAMessagesBytes() throws Exception {
    byte[] data = {1, 2, 3};
    assertThat(Body.of(Body.write(data, 5))).isEqualTo(data);
    // message annotations, properties, data
    assertThat(Body.of(hex("005372 c1 01 00 005373 45 005375 a0 03 010203"))).isEqualTo(data);
    // a value that is bytes
    assertThat(Body.of(hex("005377 a0 03 010203"))).isEqualTo(data);
    for (String none :
        new String[] {"", "005377 a1 01 78", "005376 45", "005375 a0 00 005375 a0 00", "0102"}) {
      assertThatThrownBy(() -> Body.of(hex(none))).as(none).isInstanceOf(AmqpException.class);
    }
  }

  @Test
  void knowsItsAddresses() {
    MeterId meter = new MeterId("GW-1");
    assertThat(Addresses.up("gw/up").orElseThrow().meter()).isEmpty();
    assertThat(Addresses.up("gw/GW-1/up").orElseThrow().meter()).contains(meter);
    assertThat(Addresses.up("gw/GW-1/up/usage").orElseThrow().kind()).contains(MessageClass.USAGE);
    assertThat(Addresses.down("gw/GW-1/down/control")).contains(meter);
    for (String none :
        new String[] {"", "gw", "gw//up", "/up", "gw/GW-1/up/x", "gw/GW-1", "x/up"}) {
      assertThat(Addresses.up(none)).as(none).isEmpty();
      assertThat(Addresses.down(none)).as(none).isEmpty();
    }
  }
}
