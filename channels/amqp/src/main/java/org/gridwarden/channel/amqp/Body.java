package org.gridwarden.channel.amqp;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A message's bytes (AMQP 1.0, part 3, clause 3.2): one section of data, or a value that is bytes.
 * What stands before and after it, annotations and properties, is passed over: the secured message
 * says all that counts. Pure functions.
 */
final class Body {
  private static final int HEADER = 0x70;
  private static final int APPLICATION_PROPERTIES = 0x74;
  private static final int DATA = 0x75;
  private static final int VALUE = 0x77;
  private static final int FOOTER = 0x78;
  private static final int ULONG_SMALL = 0x53;
  private static final int UINT = 0x70;
  private static final int BINARY_32 = 0xB0;

  private Body() {}

  /**
   * Reads.
   *
   * @throws AmqpException where it is no message, or one of something else than bytes
   */
  static byte[] of(byte[] message) throws AmqpException {
    Encoded in = new Encoded(message, 0, message.length);
    Optional<byte[]> found = Optional.empty();
    while (in.hasNext()) {
      long section = in.descriptor();
      if (section == DATA || section == VALUE) {
        if (found.isPresent()) {
          throw new AmqpException("a message has more than one body");
        }
        found = in.binary();
        if (found.isEmpty()) {
          throw new AmqpException("a message's body is not of bytes");
        }
      } else if (section >= HEADER && section <= APPLICATION_PROPERTIES || section == FOOTER) {
        in.skip();
      } else {
        throw new AmqpException("a message has a section of kind " + section);
      }
    }
    return found.orElseThrow(() -> new AmqpException("a message has no body"));
  }

  /**
   * Writes a durable message.
   *
   * @param milliseconds for which a broker keeps it
   */
  static byte[] write(byte[] data, int milliseconds) {
    ByteBuffer out = ByteBuffer.allocate(27 + data.length);
    // header: durable, no priority, time to live
    out.put((byte) 0).put((byte) ULONG_SMALL).put((byte) HEADER);
    out.put((byte) 0xD0).putInt(11).putInt(3).put((byte) 0x41).put((byte) Encoded.NULL);
    out.put((byte) UINT).putInt(milliseconds);
    out.put((byte) 0).put((byte) ULONG_SMALL).put((byte) DATA);
    out.put((byte) BINARY_32).putInt(data.length).put(data);
    return out.array();
  }
}
