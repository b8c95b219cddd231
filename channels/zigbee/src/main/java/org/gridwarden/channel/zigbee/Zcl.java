package org.gridwarden.channel.zigbee;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A frame of the Zigbee Cluster Library (075123, clause 2.4). Read here and not by the library,
 * whose classes read a tunnel's data as one byte, and throw what they like.
 *
 * @param cluster whether the command is the cluster's own; otherwise it is a general one
 * @param fromServer whether it goes from a cluster's server to its client
 */
@SuppressWarnings("ArrayRecordComponent") // its maker gives it up
record Zcl(boolean cluster, boolean fromServer, int sequence, int command, byte[] payload) {
  static final int READ = 0x00;
  static final int READ_RESPONSE = 0x01;
  static final int CONFIGURE_REPORTING = 0x06;
  static final int CONFIGURE_REPORTING_RESPONSE = 0x07;
  static final int REPORT = 0x0A;
  static final int DEFAULT_RESPONSE = 0x0B;

  static final int NOT_FOUND = 0x8B;

  private static final int MANUFACTURER = 0x04;
  private static final int FROM_SERVER = 0x08;
  private static final int NO_DEFAULT_RESPONSE = 0x10;

  /** Reads a frame; empty where it is too short, or a maker's own. */
  static Optional<Zcl> parse(byte[] bytes) {
    if (bytes.length < 3 || (bytes[0] & 3) > 1 || (bytes[0] & MANUFACTURER) != 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Zcl(
            (bytes[0] & 3) == 1,
            (bytes[0] & FROM_SERVER) != 0,
            bytes[1] & 0xFF,
            bytes[2] & 0xFF,
            Arrays.copyOfRange(bytes, 3, bytes.length)));
  }

  byte[] bytes() {
    byte[] all = new byte[payload.length + 3];
    all[0] = (byte) ((cluster ? 1 : 0) | (fromServer ? FROM_SERVER : 0) | NO_DEFAULT_RESPONSE);
    all[1] = (byte) sequence;
    all[2] = (byte) command;
    System.arraycopy(payload, 0, all, 3, payload.length);
    return all;
  }

  /** A number of so many bytes, lowest first. */
  static long number(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[from + i] & 0xFFL) << (8 * i);
    }
    return value;
  }

  /** Builds a payload, lowest byte first. */
  static final class Out {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Out number(int bytes, long value) {
      for (int i = 0; i < bytes; i++) {
        out.write((int) (value >>> (8 * i)));
      }
      return this;
    }

    Out bytes(byte[] bytes, int from, int length) {
      out.write(bytes, from, length);
      return this;
    }

    byte[] done() {
      return out.toByteArray();
    }
  }
}
