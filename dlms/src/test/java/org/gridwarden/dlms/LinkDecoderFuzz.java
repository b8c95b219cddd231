package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: whatever bytes come, in whatever pieces, the decoder stays within its bounds. */
class LinkDecoderFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytes(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    List<LinkEvent> whole = LinkVectors.all(LinkDecoder.auto(), bytes);
    long last = -1;
    for (LinkEvent event : whole) {
      assertThat(event.offset()).isBetween(0L, (long) bytes.length);
      if (event instanceof LinkEvent.Pdu pdu) {
        assertThat(pdu.apdu()).isNotEmpty();
        assertThat(pdu.apdu().length).isLessThanOrEqualTo(bytes.length);
      }
      last = event.offset();
    }
    assertThat(last).isLessThanOrEqualTo(bytes.length);
    for (LinkInfo.Kind kind : LinkInfo.Kind.values()) {
      LinkBounds.hold(() -> run(LinkDecoder.of(kind, LinkDecoder.DEFAULT_MAX_APDU), bytes));
    }
    LinkBounds.hold(() -> run(LinkDecoder.auto(), bytes));
  }

  private static void run(LinkDecoder decoder, byte[] bytes) {
    int half = bytes.length / 2;
    decoder.feed(ByteBuffer.wrap(bytes, 0, half));
    drain(decoder);
    decoder.feed(ByteBuffer.wrap(bytes, half, bytes.length - half));
    drain(decoder);
    decoder.finish();
    drain(decoder);
  }

  private static void drain(LinkDecoder decoder) {
    Optional<LinkEvent> event = decoder.next();
    while (event.isPresent()) {
      event = decoder.next();
    }
  }

  static Stream<Arguments> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (String name :
        List.of(
            "push-hdlc_iskra550.txt",
            "push-hdlc_kaifa_ma304h3e.txt",
            "push-hdlc_lgz_e450_2.txt",
            "push-hdlc_norway_han_1phase.txt",
            "push-mbus_netz_noe_p1.txt",
            "push-raw_energomera.txt")) {
      seeds.add(LinkVectors.push(name));
    }
    // beginnings of every kind, over and over
    for (String hex :
        List.of(
            "7e",
            "7ea7ff",
            "7ea0070303001a2b7e", // a header check that is wrong
            "68",
            "6803036853ff001668",
            "68050568",
            "0001000100010001",
            "000100010001ffff0f",
            "0f",
            "0f0f0f0f0f0001820fff",
            "0f0000000000018200ff090a", // octet strings that hide beginnings
            "0f00000000000284ffffffff",
            "0f0000000000130284ffffffff",
            "db084c475a67735dd3a983ffffff",
            "e0400001000000",
            "e0c000010000010f",
            "e0c000010000026200",
            "e6e7000f",
            "c20000",
            "10")) {
      byte[] pattern = LinkVectors.hex(hex);
      byte[] filled = new byte[LinkBounds.MAX_INPUT];
      for (int i = 0; i < filled.length; i++) {
        filled[i] = pattern[i % pattern.length];
      }
      seeds.add(pattern);
      seeds.add(filled);
    }
    seeds.add(fill(Wrapper.encode(1, 1, new byte[] {0x62, 0})));
    seeds.add(fill(Wrapper.encode(1, 1, LinkVectors.hex("e0400009000001aa"))));
    seeds.add(fill(LinkVectors.concat(Wrapper.encode(1, 1, new byte[] {0x62, 0}), new byte[1])));
    LinkInfo hdlc = new LinkInfo(LinkInfo.Kind.HDLC, LinkAddress.hdlc(1, 16), LinkAddress.hdlc(1));
    seeds.add(fill(HdlcFrames.encode(hdlc, new byte[] {0x62, 0}, 64)));
    seeds.add(fill(HdlcFrames.encode(hdlc, LinkVectors.hex("e0400009000001aa"), 64)));
    seeds.add(strangers(new byte[] {0x62, 0}));
    seeds.add(strangers(LinkVectors.hex("e0400001000001aa")));
    seeds.add(overlapping());
    seeds.add(restarts());
    LinkInfo mbus =
        new LinkInfo(LinkInfo.Kind.MBUS, LinkAddress.accessPoint(1), LinkAddress.accessPoint(2));
    seeds.add(fill(MBusFrames.encode(mbus, new byte[] {0x62, 0})));
    return seeds.stream().map(bytes -> Arguments.of((Object) bytes));
  }

  private static byte[] fill(byte[] pattern) {
    byte[] out = new byte[LinkBounds.MAX_INPUT];
    for (int i = 0; i < out.length; i++) {
      out[i] = pattern[i % pattern.length];
    }
    return out;
  }

  /** Headers with a good check, each claiming the greatest length, with flags where they close. */
  private static byte[] overlapping() {
    byte[] header = LinkVectors.hex("7ea7ff0303037e7e7e7e7e");
    int crc = Crc16.of(header, 1, 6);
    header[6] = (byte) crc;
    header[7] = (byte) (crc >>> 8);
    return fill(header);
  }

  /** Transfers that begin anew with every block, each from another port. */
  private static byte[] restarts() {
    byte[] out = new byte[LinkBounds.MAX_INPUT];
    byte[] block = new byte[128];
    block[0] = (byte) 0xE0;
    block[1] = 0x40;
    block[3] = 1;
    block[6] = 121;
    for (int i = 0; i < out.length; i += Wrapper.HEADER + block.length) {
      byte[] framed = Wrapper.encode(i % 65_536, 1, block);
      System.arraycopy(framed, 0, out, i, Math.min(framed.length, out.length - i));
    }
    return out;
  }

  /** The smallest frames there are, of APDUs or transfer blocks, each between other high ports. */
  private static byte[] strangers(byte[] apdu) {
    byte[] out = new byte[LinkBounds.MAX_INPUT];
    int port = 300;
    for (int i = 0; i < out.length; i += Wrapper.HEADER + apdu.length) {
      byte[] framed = Wrapper.encode(port++, port++, apdu);
      System.arraycopy(framed, 0, out, i, Math.min(framed.length, out.length - i));
    }
    return out;
  }
}
