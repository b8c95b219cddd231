package org.gridwarden.channel.amqp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A frame with what this endpoint looks at, and nothing else: numbers, truth values, texts, tags,
 * the addresses of a link's ends, and which outcome a delivery had. Maps, arrays, symbols, nested
 * and unknown types are passed over before the engine sees them: it would allocate by their counts,
 * descend as deep as they go, and remember each new symbol for ever.
 *
 * @param frame for the engine; not to be changed
 * @param error what the other end says that went wrong, for people
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
record Reduced(byte[] frame, Optional<String> error) {
  private static final int FIRST_PERFORMATIVE = 0x10; // open
  private static final int BEYOND_PERFORMATIVES = 0x19;
  private static final int TRANSFER = 0x14;
  private static final int SOURCE = 0x28;
  private static final int TARGET = 0x29;
  private static final int ERROR = 0x1D;
  private static final int ACCEPTED = 0x24;
  private static final int MODIFIED = 0x27;
  private static final int LIST_0 = 0x45;
  private static final int LIST_32 = 0xD0;
  private static final int ULONG_SMALL = 0x53;
  private static final int LONGEST_ERROR = 200;

  /**
   * The fields of each performative from open to close (part 2, clause 2.7), a letter each: p as it
   * is, where it is plain; a an address; o an outcome; e an error; x none. Beyond them nothing.
   */
  private static final String[] FIELDS = {
    "ppppp", // open: container, host, longest frame, most channels, idle time
    "ppppp", // begin: channel, next id, both windows, most handles
    "pppppaaxxpp", // attach: name, handle, role, how both settle, source, target, count, longest
    "pppppppppp", // flow: both windows with their ids, handle, count, credit, available, drain,
    // echo
    "pppppppxppp", // transfer: handle, id, tag, format, settled, more, mode, resume, aborted
    "ppppop", // disposition: role, first, last, settled, outcome
    "ppe", // detach: handle, closed, error
    "e", // end
    "e" // close
  };

  /**
   * Reduces a frame.
   *
   * @throws AmqpException where it is none that may come
   */
  static Reduced of(byte[] frame) throws AmqpException {
    int from = Frames.body(frame, 0);
    if (from == frame.length) {
      return new Reduced(head(frame, new byte[] {}), Optional.empty()); // it is still there
    }
    Encoded in = new Encoded(frame, from, frame.length);
    long code = in.descriptor();
    if (code < FIRST_PERFORMATIVE || code >= BEYOND_PERFORMATIVES) {
      throw new AmqpException("a frame of kind " + code + " is out of place");
    }
    Encoded fields = in.list();
    if (code != TRANSFER && in.hasNext()) {
      throw new AmqpException("a frame has more than its performative");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int count = 0;
    Optional<String> error = Optional.empty();
    String kinds = FIELDS[(int) code - FIRST_PERFORMATIVE];
    for (int i = 0; i < kinds.length() && fields.hasNext(); i++) {
      if (kinds.charAt(i) == 'e') {
        error = error(fields);
        continue;
      }
      out.writeBytes(
          switch (kinds.charAt(i)) {
            case 'p' -> fields.plain();
            case 'a' -> address(fields);
            case 'o' -> outcome(fields);
            default -> nothing(fields);
          });
      count++;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(list((int) code, count, out.toByteArray()));
    body.write(frame, in.position(), frame.length - in.position());
    return new Reduced(head(frame, body.toByteArray()), error);
  }

  private static byte[] head(byte[] frame, byte[] body) {
    ByteBuffer out = ByteBuffer.allocate(Frames.HEAD + body.length);
    out.putInt(out.capacity()).put((byte) 2).put((byte) 0).put(frame, 6, 2).put(body);
    return out.array();
  }

  /** A list under its descriptor. */
  static byte[] list(int descriptor, int count, byte[] items) {
    if (count == 0) {
      return new byte[] {0, ULONG_SMALL, (byte) descriptor, LIST_0};
    }
    ByteBuffer out = ByteBuffer.allocate(12 + items.length);
    out.put((byte) 0).put((byte) ULONG_SMALL).put((byte) descriptor);
    out.put((byte) LIST_32).putInt(4 + items.length).putInt(count).put(items);
    return out.array();
  }

  private static byte[] nothing(Encoded in) throws AmqpException {
    in.skip();
    return new byte[] {Encoded.NULL};
  }

  /** A source or target: its address, where that is a text. */
  private static byte[] address(Encoded in) throws AmqpException {
    if (!in.isDescribed()) {
      return nothing(in);
    }
    long code = in.descriptor();
    if (code != SOURCE && code != TARGET) {
      return nothing(in); // a coordinator's, say
    }
    Encoded fields = in.list();
    byte[] address = fields.hasNext() ? fields.plain() : new byte[] {Encoded.NULL};
    return list((int) code, 1, address);
  }

  private static byte[] outcome(Encoded in) throws AmqpException {
    if (!in.isDescribed()) {
      return nothing(in);
    }
    long code = in.descriptor();
    in.list();
    return code >= ACCEPTED && code <= MODIFIED
        ? list((int) code, 0, new byte[] {})
        : new byte[] {Encoded.NULL};
  }

  private static Optional<String> error(Encoded in) throws AmqpException {
    if (!in.isDescribed()) {
      in.skip();
      return Optional.empty();
    }
    long code = in.descriptor();
    Encoded fields = in.list();
    if (code != ERROR || !fields.hasNext()) {
      return Optional.empty();
    }
    String condition = fields.symbol().orElse("an error");
    String why = fields.hasNext() ? fields.string().orElse("") : "";
    String said = (condition + " " + why).strip().replaceAll("[^ -~]", "?");
    return Optional.of(said.substring(0, Math.min(said.length(), LONGEST_ERROR)));
  }
}
