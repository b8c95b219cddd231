package org.gridwarden.channel.zigbee;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The office's end of a tunnel (Smart Energy, cluster 0x0704) whose protocol is secured messages in
 * segments: the driver's own fragments tell meters apart by a counter of 8 bits alone, and are
 * longer than what fits under a link key. A segment is: 0, the message's number, the segment's
 * index, how many there are, data; the data of all begins with the message's class. An answer is:
 * 1, the number, 0 where it is stored. Reassembly by one thread.
 */
final class TunnelEnd {
  /** The protocol's number, among those that a maker may give; and no maker. */
  static final int PROTOCOL = 200;

  static final int NO_MAKER = 0xFFFF;

  static final int REQUEST = 0x00;
  static final int TRANSFER_TO_METER = 0x02;
  static final int TRANSFER_TO_OFFICE = 0x01;
  static final int REQUEST_RESPONSE = 0x00;

  /** What fits into a frame under both keys, less the headers. */
  static final int SEGMENT = 64;

  /** What becomes of a message. */
  static final int STORED = 0;

  static final int NOT_NOW = 1;
  static final int REFUSED = 2;

  private static final int DATA = 0;
  private static final int ANSWER = 1;
  private static final int MOST_SEGMENTS = 255;

  private final int id;
  private byte[] @Nullable [] parts = new byte[0][];
  private int partsOf = -1;
  private int sent;

  TunnelEnd(int id) {
    this.id = id;
  }

  /**
   * A message, whole.
   *
   * @param kind its class's number
   */
  @SuppressWarnings("ArrayRecordComponent") // its maker gives it up
  record Whole(int number, int kind, byte[] message) {}

  /** The command that asks a meter for a tunnel. */
  static byte[] request() {
    return new Zcl.Out()
        .number(1, PROTOCOL)
        .number(2, NO_MAKER)
        .number(1, 0)
        .number(2, SEGMENT + 4)
        .done();
  }

  /** The tunnel that a meter has opened; empty where it has not. */
  static Optional<TunnelEnd> opened(byte[] response) {
    return response.length == 5 && response[2] == 0
        ? Optional.of(new TunnelEnd((int) Zcl.number(response, 0, 2)))
        : Optional.empty();
  }

  /** Takes what came; gives a message once it is whole. */
  Optional<Whole> take(byte[] transfer) {
    if (transfer.length < 7 || Zcl.number(transfer, 0, 2) != id || transfer[2] != DATA) {
      return Optional.empty();
    }
    int number = transfer[3] & 0xFF;
    int index = transfer[4] & 0xFF;
    int count = transfer[5] & 0xFF;
    if (count == 0 || count > MOST_SEGMENTS || index >= count) {
      return Optional.empty();
    }
    // the first segment begins anew: a number comes round after 256 messages
    if (partsOf != number || parts.length != count || index == 0) {
      parts = new byte[count][];
      partsOf = number;
    }
    parts[index] = Arrays.copyOfRange(transfer, 6, transfer.length);
    int length = 0;
    for (byte[] part : parts) {
      if (part == null) {
        return Optional.empty();
      }
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      if (part != null) {
        System.arraycopy(part, 0, all, at, part.length);
        at += part.length;
      }
    }
    partsOf = -1;
    return Optional.of(new Whole(number, all[0] & 0xFF, Arrays.copyOfRange(all, 1, length)));
  }

  /** What answers a message. */
  byte[] answer(int number, int status) {
    return new Zcl.Out().number(2, id).number(1, ANSWER).number(1, number).number(1, status).done();
  }

  /** A message's segments, in their order. */
  synchronized byte[][] segments(int kind, byte[] message) {
    byte[] all = new byte[message.length + 1];
    all[0] = (byte) kind;
    System.arraycopy(message, 0, all, 1, message.length);
    int count = (all.length + SEGMENT - 1) / SEGMENT;
    if (count > MOST_SEGMENTS) {
      throw new IllegalArgumentException(
          "a message has " + (MOST_SEGMENTS * SEGMENT - 1) + " bytes at most");
    }
    sent = sent + 1 & 0xFF;
    byte[][] segments = new byte[count][];
    for (int i = 0; i < count; i++) {
      int from = i * SEGMENT;
      segments[i] =
          new Zcl.Out()
              .number(2, id)
              .number(1, DATA)
              .number(1, sent)
              .number(1, i)
              .number(1, count)
              .bytes(all, from, Math.min(SEGMENT, all.length - from))
              .done();
    }
    return segments;
  }
}
