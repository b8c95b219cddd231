package org.gridwarden.dlms.hdlc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.gridwarden.dlms.HdlcFrame;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.Llc;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A hostile side's part of a conversation, made of a fuzzer's input: good frames with any control
 * field, bytes as they are, and silence.
 */
final class HostileScript {
  static final LinkAddress CLIENT = LinkAddress.hdlc(16);
  static final LinkAddress METER = LinkAddress.hdlc(1, 17);
  static final int MOST_APDU = 4_096;
  static final HdlcSettings SETTINGS =
      HdlcSettings.NETWORK
          .offering(HdlcParameters.of(256, 7))
          .waiting(Duration.ofMillis(500), 3)
          .taking(MOST_APDU);

  private HostileScript() {}

  /** One step of the input: an operation, two bytes, and what belongs to it. */
  static byte[] step(ByteBuffer in, Ends ends) {
    int operation = in.get() & 0xFF;
    int control = in.hasRemaining() ? in.get() & 0xFF : 0;
    int length = in.hasRemaining() ? in.get() & 0xFF : 0;
    byte[] bytes = new byte[Math.min(length, in.remaining())];
    in.get(bytes);
    return switch (operation & 3) {
      case 0 -> bytes;
      case 1 -> new byte[0];
      case 2 -> frame(ends, control, (operation & 4) != 0, bytes);
      default -> frame(ends, control, (operation & 4) != 0, llc(ends, bytes));
    };
  }

  private static byte[] llc(Ends ends, byte[] apdu) {
    return ends.source().equals(METER) ? Llc.fromMeter(apdu) : Llc.toMeter(apdu);
  }

  private static byte[] frame(Ends ends, int control, boolean more, byte[] information) {
    return HdlcFrame.encode(
        ends.destination(), ends.source(), control, more, information, 0, information.length);
  }

  static Stream<Arguments> seeds(String... hex) {
    return Stream.of(hex).map(h -> Arguments.of((Object) HexFormat.of().parseHex(h)));
  }
}
