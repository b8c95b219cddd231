package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** C39: blocks cut out of any bytes never join to more than is allowed, nor cost too much. */
class GeneralBlockTransferFuzz {
  private static final int MAX = 4096;

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBlocks(byte[] input) {
    byte[] bytes = Arrays.copyOf(input, Math.min(input.length, LinkBounds.MAX_INPUT));
    LinkBounds.hold(() -> {
      var transfer = new GeneralBlockTransfer(MAX);
      // the first byte of each piece says how long it is
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at - 1, bytes[at] & 0xFF);
        var result = transfer.accept(Arrays.copyOfRange(bytes, at + 1, at + 1 + length));
        if (result instanceof GeneralBlockTransfer.Result.Complete(byte[] apdu)
            && apdu.length > MAX) {
          throw new AssertionError("joined " + apdu.length + " bytes");
        }
        at += 1 + length;
      }
      if (transfer.pending() > MAX) {
        throw new AssertionError("keeps " + transfer.pending() + " bytes");
      }
    });
    assertThat(bytes.length).isLessThanOrEqualTo(LinkBounds.MAX_INPUT);
  }

  static Stream<Arguments> seeds() {
    byte[] many = new byte[LinkBounds.MAX_INPUT];
    for (int i = 0; i + 9 < many.length; i += 9) { // one byte of data a block
      System.arraycopy(block(i / 9 + 1, 0x40, 1), 0, many, i, 9);
    }
    byte[] restarts = new byte[LinkBounds.MAX_INPUT];
    for (int i = 0; i + 128 < restarts.length; i += 128) { // always block 1, with other data
      byte[] block = block(1, 0x40, 120);
      block[10] = (byte) i;
      block[11] = (byte) (i >> 8);
      System.arraycopy(block, 0, restarts, i, 128);
    }
    byte[] odd = new byte[LinkBounds.MAX_INPUT];
    for (int i = 0; i + 9 < odd.length; i += 9) { // each out of order: each with its own message
      System.arraycopy(block(30_000 - i / 9, 0x40, 1), 0, odd, i, 9);
    }
    return Stream.of(
            new byte[0],
            new byte[] {7, (byte) 0xE0, 0x40, 0, 1, 0, 0, (byte) 0x83},
            LinkVectors.concat(block(1, 0x40, 3), block(1, 0x40, 3), block(2, 0xC0, 3)),
            many,
            restarts,
            odd)
        .map(bytes -> Arguments.of((Object) bytes));
  }

  private static byte[] block(int number, int control, int length) {
    byte[] out = new byte[8 + length];
    out[0] = (byte) (7 + length);
    out[1] = (byte) 0xE0;
    out[2] = (byte) control;
    out[3] = (byte) (number >> 8);
    out[4] = (byte) number;
    out[7] = (byte) length;
    return out;
  }
}
