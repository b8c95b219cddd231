package org.gridwarden.security.fips;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** As much of DER (X.690) as signatures and PBES2 parameters have: lengths up to 65,535 bytes. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int NULL = 0x05;
  static final int OBJECT = 0x06;
  static final int SEQUENCE = 0x30;

  private Der() {}

  /** An element of these parts. */
  static byte[] of(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    int length = content.size();
    if (length > 0xFF) {
      element.write(0x82);
      element.write(length >> 8);
    } else if (length > 0x7F) {
      element.write(0x81);
    }
    element.write(length);
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }

  /** Reads elements one after another; any error is an {@link IllegalArgumentException}. */
  static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    boolean has(int tag) {
      return at < bytes.length && (bytes[at] & 0xFF) == tag;
    }

    /** The content of the next element. */
    byte[] value(int tag) {
      if (!has(tag)) {
        throw new IllegalArgumentException("there is no element " + tag);
      }
      at++;
      int length = next();
      if (length > 0x7F) {
        int more = length & 0x7F;
        if (more < 1 || more > 2) {
          throw new IllegalArgumentException("a length is too long");
        }
        length = 0;
        for (int i = 0; i < more; i++) {
          length = length << 8 | next();
        }
      }
      if (length > bytes.length - at) {
        throw new IllegalArgumentException("an element breaks off");
      }
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }

    Reader into(int tag) {
      return new Reader(value(tag));
    }

    private int next() {
      if (at >= bytes.length) {
        throw new IllegalArgumentException("an element breaks off");
      }
      return bytes[at++] & 0xFF;
    }
  }
}
