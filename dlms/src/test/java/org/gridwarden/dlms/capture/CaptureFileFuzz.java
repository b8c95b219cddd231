package org.gridwarden.dlms.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.LinkBounds;
import org.gridwarden.dlms.Wrapper;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: any bytes are packets or a CaptureException, within the bounds of every parser. */
class CaptureFileFuzz {
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyPackets(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    if (bytes.length < 4 || !CaptureFile.isOne(Arrays.copyOf(bytes, 4))) {
      return;
    }
    LinkBounds.hold(() -> {
      try {
        CaptureFile file =
            CaptureFile.open(
                Arrays.copyOf(bytes, 4), new ByteArrayInputStream(bytes, 4, bytes.length - 4));
        for (Optional<Packet> p = file.next(); p.isPresent(); p = file.next()) {
          if (Transport.of(p.get()) instanceof Transport.Unread(String why) && why.isEmpty()) {
            throw new AssertionError("left out without a word");
          }
        }
      } catch (CaptureException e) {
        assertThat(e.what()).isNotEmpty();
        assertThat(e.offset()).isBetween(0L, (long) bytes.length);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  static byte[] capture(String name) throws IOException {
    try (InputStream in = CaptureFileFuzz.class.getResourceAsStream("/captures/" + name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  static Stream<Arguments> seeds() throws IOException {
    byte[] session = capture("session.pcap");
    byte[] links = capture("links.pcap");
    byte[] answer = Wrapper.encode(1, 16, HexFormat.of().parseHex("C401C100060001E240"));
    byte[] udp = Captures.udp4(answer);
    byte[] tiny = new byte[24 + 4095 * 16]; // packets of no bytes, as many as fit
    byte[] header = Captures.pcap(ByteOrder.BIG_ENDIAN, false, 101, new byte[0]);
    System.arraycopy(header, 0, tiny, 0, 24);
    // connections of one byte each, as many as fit
    byte[] many = new byte[24 + 1100 * (16 + 29)];
    System.arraycopy(header, 0, many, 0, 24);
    for (int i = 0; i < 1100; i++) {
      byte[] one = Captures.pcap(ByteOrder.BIG_ENDIAN, false, 101, Captures.udp4(new byte[1]));
      one[24 + 16 + 20] = (byte) (i >> 8); // the source port
      one[24 + 16 + 21] = (byte) i;
      System.arraycopy(one, 24, many, 24 + i * 45, 45);
    }
    return Stream.of(
            session,
            links,
            tiny,
            many,
            Captures.pcap(ByteOrder.LITTLE_ENDIAN, true, 1, Captures.ethernet(0x0800, true, udp)),
            Captures.pcap(ByteOrder.BIG_ENDIAN, false, 276, Captures.cooked2(0x0800, udp)),
            Captures.pcap(ByteOrder.BIG_ENDIAN, false, 101, Captures.udp6(answer)),
            Captures.pcapng(ByteOrder.LITTLE_ENDIAN, 6, 1L << 50, 101, udp),
            Captures.pcapng(
                ByteOrder.BIG_ENDIAN, 0x92, 1L << 50, 113, Captures.cooked(0x0800, udp)),
            "TX: 00 01 00 10 00 01 00 0D C0 01 C1 00 03 01 00 01 08 00 FF 02 00\n10:11:12 < FF\n"
                .getBytes(StandardCharsets.US_ASCII),
            "> C001C100030100010800FF0200\n< C401C10006 0001E240\n> 2F3F210D0A\n"
                .getBytes(StandardCharsets.US_ASCII),
            ("< " + "C402C10000000001000502020F00".repeat(4000) + "\n")
                .getBytes(StandardCharsets.US_ASCII),
            "> > < TX 1 :".repeat(5000).getBytes(StandardCharsets.US_ASCII),
            "C001C100030100010800FF0200\nC401C100060001E240\n".getBytes(StandardCharsets.US_ASCII))
        .map(bytes -> Arguments.of((Object) bytes));
  }
}
