package org.gridwarden.simulator.zigbee.xbee;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * XBee's API frames with escapes (mode 2): 0x7E, a length of two bytes, data, a checksum of 8 bits,
 * which one damaged frame in 256 passes. Reads byte by byte; one thread.
 */
public final class ApiFrames {
  static final int START = 0x7E;
  private static final int ESCAPE = 0x7D;
  private static final int XON = 0x11;
  private static final int XOFF = 0x13;
  private static final int LONGEST = 300;

  private final byte[] frame = new byte[LONGEST];
  private int count = -1;
  private boolean escaped;

  /** A frame's bytes on the line. */
  public static byte[] bytes(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 8);
    out.write(START);
    write(out, data.length >>> 8);
    write(out, data.length);
    int sum = 0;
    for (byte b : data) {
      write(out, b);
      sum += b;
    }
    write(out, 0xFF - sum);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int value) {
    int one = value & 0xFF;
    if (one == START || one == ESCAPE || one == XON || one == XOFF) {
      out.write(ESCAPE);
      out.write(one ^ 0x20);
    } else {
      out.write(one);
    }
  }

  /** Takes a byte; gives a frame's data once it is whole and its checksum right. */
  public Optional<byte[]> take(int value) {
    if (value == START) {
      count = 0;
      escaped = false;
      return Optional.empty();
    }
    if (count < 0) {
      return Optional.empty();
    }
    if (value == ESCAPE) {
      escaped = true;
      return Optional.empty();
    }
    if (count >= LONGEST) {
      count = -1;
      return Optional.empty();
    }
    frame[count++] = (byte) (escaped ? value ^ 0x20 : value);
    escaped = false;
    int length = count < 2 ? LONGEST : (frame[0] & 0xFF) << 8 | frame[1] & 0xFF;
    if (count < length + 3) {
      return Optional.empty();
    }
    int sum = 0;
    for (int i = 2; i < count; i++) {
      sum += frame[i];
    }
    byte[] data = Arrays.copyOfRange(frame, 2, count - 1);
    count = -1;
    return (sum & 0xFF) == 0xFF ? Optional.of(data) : Optional.empty();
  }
}
