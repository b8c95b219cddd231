package org.gridwarden.simulator.zigbee.ash;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A frame of ASH version 2 (Silicon Labs UG101): control byte, data that is randomised in data
 * frames, CRC, stuffed, closed by a flag. Pure functions.
 *
 * @param control the control byte
 * @param data not randomised
 */
@SuppressWarnings("ArrayRecordComponent") // stays within the model
public record AshFrame(int control, byte[] data) {
  static final int FLAG = 0x7E;
  static final int ESCAPE = 0x7D;
  static final int XON = 0x11;
  static final int XOFF = 0x13;
  static final int SUBSTITUTE = 0x18;
  static final int CANCEL = 0x1A;

  /** The longest frame, stuffing apart: control, 128 bytes of data, CRC. */
  static final int LONGEST = 131;

  private static final int RESET = 0xC0;
  private static final int RESET_DONE = 0xC1;
  private static final int FAILED = 0xC2;
  private static final int AGAIN = 0x08;

  /** A data frame. */
  static AshFrame data(int number, int next, boolean again, byte[] data) {
    return new AshFrame(number << 4 | (again ? AGAIN : 0) | next, data);
  }

  static AshFrame ack(int next) {
    return new AshFrame(0x80 | next, new byte[0]);
  }

  static AshFrame nak(int next) {
    return new AshFrame(0xA0 | next, new byte[0]);
  }

  /** The dongle has been reset. */
  static AshFrame resetDone(int cause) {
    return new AshFrame(RESET_DONE, new byte[] {2, (byte) cause});
  }

  /** The dongle has given up. */
  static AshFrame failed(int cause) {
    return new AshFrame(FAILED, new byte[] {2, (byte) cause});
  }

  boolean isData() {
    return (control & 0x80) == 0;
  }

  boolean isAck() {
    return (control & 0xE0) == 0x80;
  }

  boolean isNak() {
    return (control & 0xE0) == 0xA0;
  }

  boolean isReset() {
    return control == RESET;
  }

  boolean again() {
    return (control & AGAIN) != 0;
  }

  int number() {
    return control >> 4 & 7;
  }

  /** Which frame the sender expects next. */
  int next() {
    return control & 7;
  }

  /** The bytes on the line, flag and all. */
  public byte[] bytes() {
    byte[] raw = new byte[data.length + 3];
    raw[0] = (byte) control;
    System.arraycopy(data, 0, raw, 1, data.length);
    if (isData()) {
      randomise(raw, 1, data.length);
    }
    int crc = crc(raw, data.length + 1);
    raw[data.length + 1] = (byte) (crc >>> 8);
    raw[data.length + 2] = (byte) crc;
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length + 8);
    for (byte b : raw) {
      int value = b & 0xFF;
      if (reserved(value)) {
        out.write(ESCAPE);
        out.write(value ^ 0x20);
      } else {
        out.write(value);
      }
    }
    out.write(FLAG);
    return out.toByteArray();
  }

  private static boolean reserved(int value) {
    return switch (value) {
      case FLAG, ESCAPE, XON, XOFF, SUBSTITUTE, CANCEL -> true;
      default -> false;
    };
  }

  /**
   * Reads a frame.
   *
   * @param stuffed what stood before the flag
   * @return empty where it is damaged
   */
  public static Optional<AshFrame> parse(byte[] stuffed, int length) {
    byte[] raw = new byte[length];
    int count = 0;
    boolean escaped = false;
    for (int i = 0; i < length; i++) {
      int value = stuffed[i] & 0xFF;
      if (value == ESCAPE && !escaped) {
        escaped = true;
        continue;
      }
      raw[count++] = (byte) (escaped ? value ^ 0x20 : value);
      escaped = false;
    }
    if (count < 3 || count > LONGEST || escaped) {
      return Optional.empty();
    }
    int crc = (raw[count - 2] & 0xFF) << 8 | raw[count - 1] & 0xFF;
    if (crc(raw, count - 2) != crc) {
      return Optional.empty();
    }
    AshFrame frame = new AshFrame(raw[0] & 0xFF, Arrays.copyOfRange(raw, 1, count - 2));
    if (frame.isData()) {
      randomise(frame.data, 0, frame.data.length);
    } else if (!frame.isAck() && !frame.isNak() && (frame.control & 0xFC) != 0xC0) {
      return Optional.empty();
    }
    return Optional.of(frame);
  }

  private static void randomise(byte[] bytes, int from, int length) {
    int random = 0x42;
    for (int i = from; i < from + length; i++) {
      bytes[i] ^= (byte) random;
      random = (random & 1) == 0 ? random >>> 1 : random >>> 1 ^ 0xB8;
    }
  }

  /** The CRC of CCITT, highest bit first, from 0xFFFF. */
  static int crc(byte[] bytes, int length) {
    int crc = 0xFFFF;
    for (int i = 0; i < length; i++) {
      crc ^= (bytes[i] & 0xFF) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
      }
    }
    return crc & 0xFFFF;
  }
}
