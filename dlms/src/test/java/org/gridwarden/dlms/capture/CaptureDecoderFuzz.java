package org.gridwarden.dlms.capture;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.LinkBounds;
import org.gridwarden.dlms.PushLayouts;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: whatever a capture, a log or bytes carry is told or named as damaged; nothing is thrown, and
 * the cost stays in proportion.
 */
class CaptureDecoderFuzz {
  /** A capture is read by a person, not by what meters reach: its messages are built and kept. */
  private static final long MESSAGES_BYTES = LinkBounds.whileFuzzing(32) * 24L << 20;

  private static final long MESSAGES_NANOS = LinkBounds.whileFuzzing(10) * 1_000_000_000L;

  private static final DlmsKeys KEYS =
      DlmsKeys.of(
          HexFormat.of().parseHex("000102030405060708090A0B0C0D0E0F"),
          HexFormat.of().parseHex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"));

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyCapture(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    CaptureSettings settings =
        new CaptureSettings(
            Optional.of(KEYS),
            new byte[8],
            new byte[0],
            PushLayouts.builtIn(),
            PushLayouts.builtIn().genericProfile());
    LinkBounds.hold(
        MESSAGES_BYTES,
        MESSAGES_NANOS,
        () -> {
          try {
            new CaptureDecoder(settings)
                .read(new ByteArrayInputStream(bytes), CaptureDecoderFuzz::told);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void told(CaptureEvent event) {
    switch (event) {
      case CaptureEvent.Said(Followed message) -> {
        if (message.json().indexOf('\n') >= 0) {
          throw new AssertionError("more than a line");
        }
      }
      case CaptureEvent.Problem(String place, String what) -> {
        if (what.isEmpty()) {
          throw new AssertionError("a problem without a word at " + place);
        }
      }
      case CaptureEvent.Note(String what) -> {
        if (what.isEmpty()) {
          throw new AssertionError("a note without a word");
        }
      }
    }
  }

  static Stream<Arguments> seeds() throws IOException {
    return CaptureFileFuzz.seeds();
  }
}
