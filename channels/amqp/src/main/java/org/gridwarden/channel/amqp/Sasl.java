package org.gridwarden.channel.amqp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The frames by which somebody is proven before AMQP begins (part 5, clause 5.3): written and read
 * here, so that for a stranger there is no engine yet. Pure functions.
 */
final class Sasl {
  /** The longest frame meanwhile (clause 5.3.1). */
  static final int LONGEST = 512;

  static final byte[] HEADER = {'A', 'M', 'Q', 'P', 3, 1, 0, 0};
  static final byte[] AMQP_HEADER = {'A', 'M', 'Q', 'P', 0, 1, 0, 0};
  static final String PLAIN = "PLAIN";
  static final String EXTERNAL = "EXTERNAL";

  /** Outcomes (clause 5.3.3.6). */
  static final int OK = 0;

  static final int NOT_PROVEN = 1;

  private static final int MECHANISMS = 0x40;
  private static final int INIT = 0x41;
  private static final int OUTCOME = 0x44;

  private Sasl() {}

  /**
   * What a client shows.
   *
   * @param mechanism its name
   * @param response what it sends with it, which the caller wipes; empty where nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above
  record Init(String mechanism, Optional<byte[]> response) {}

  /** Reads sasl-init. */
  static Init init(byte[] frame) throws AmqpException {
    Encoded fields = fields(frame, INIT);
    String mechanism =
        fields.symbol().orElseThrow(() -> new AmqpException("a mechanism is missing"));
    return new Init(mechanism, fields.hasNext() ? fields.binary() : Optional.empty());
  }

  /** Reads sasl-outcome: its code. */
  static int outcome(byte[] frame) throws AmqpException {
    Encoded fields = fields(frame, OUTCOME);
    return fields.uint().orElseThrow(() -> new AmqpException("an outcome is missing")).intValue();
  }

  /** Reads sasl-mechanisms: whether there is one of that name. */
  static boolean offers(byte[] frame, String mechanism) throws AmqpException {
    fields(frame, MECHANISMS);
    // one symbol, or an array of them: the name stands in it either way
    return new String(frame, StandardCharsets.ISO_8859_1).contains(mechanism);
  }

  private static Encoded fields(byte[] frame, int kind) throws AmqpException {
    Encoded in = new Encoded(frame, Frames.body(frame, 1), frame.length);
    long found = in.descriptor();
    if (found != kind) {
      throw new AmqpException("a frame of kind " + found + " is out of place");
    }
    Encoded fields = in.list();
    if (!fields.hasNext()) {
      throw new AmqpException("a frame of kind " + found + " is empty");
    }
    return fields;
  }

  /** Writes sasl-mechanisms. */
  static byte[] mechanisms(List<String> names) {
    ByteArrayOutputStream symbols = new ByteArrayOutputStream();
    for (String name : names) {
      symbols.write(name.length());
      symbols.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    }
    ByteBuffer array = ByteBuffer.allocate(4 + symbols.size());
    array.put((byte) 0xE0).put((byte) (2 + symbols.size())).put((byte) names.size());
    array.put((byte) 0xA3).put(symbols.toByteArray());
    return frame(Reduced.list(MECHANISMS, 1, array.array()));
  }

  /** Writes sasl-init. */
  static byte[] init(String mechanism, byte[] response) {
    byte[] name = mechanism.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer items = ByteBuffer.allocate(7 + name.length + response.length);
    items.put((byte) 0xA3).put((byte) name.length).put(name);
    items.put((byte) 0xB0).putInt(response.length).put(response);
    return frame(Reduced.list(INIT, 2, items.array()));
  }

  /** Writes sasl-outcome. */
  static byte[] outcome(int code) {
    return frame(Reduced.list(OUTCOME, 1, new byte[] {0x50, (byte) code}));
  }

  private static byte[] frame(byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(Frames.HEAD + body.length);
    out.putInt(out.capacity()).put((byte) 2).put((byte) 1).putShort((short) 0).put(body);
    return out.array();
  }
}
