package org.gridwarden.security.thirdparty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.gridwarden.security.command.CommandException;

/** Octet strings with their lengths, as A-XDR has them (IEC 61334-6, clause 6.4). */
final class Octets {
  private static final int LONGEST = 0xFFFF;

  private Octets() {}

  /** Writes them one after the other. */
  static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    Out raw(int... raw) {
      for (int b : raw) {
        bytes.write(b);
      }
      return this;
    }

    Out raw(byte[] raw) {
      bytes.writeBytes(raw);
      return this;
    }

    /** A length and so many bytes. */
    Out octets(byte[] octets) {
      int length = octets.length;
      if (length < 0x80) {
        bytes.write(length);
      } else if (length <= 0xFF) {
        raw(0x81, length);
      } else if (length <= LONGEST) {
        raw(0x82, length >> 8, length);
      } else {
        throw new IllegalArgumentException("an octet string has at most 65535 bytes here");
      }
      return raw(octets);
    }

    Out seconds(long seconds) {
      return raw(ByteBuffer.allocate(Long.BYTES).putLong(seconds).array());
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }

  /** Reads them; never allocates more than is there. */
  static final class In {
    private final byte[] bytes;
    private int at;

    In(byte[] bytes) {
      this.bytes = bytes;
    }

    int raw(String what) throws CommandException {
      if (at >= bytes.length) {
        throw new CommandException(what + " is missing");
      }
      return bytes[at++] & 0xFF;
    }

    byte[] octets(String what) throws CommandException {
      int first = raw(what);
      int length =
          switch (first) {
            case 0x81 -> raw(what);
            case 0x82 -> raw(what) << 8 | raw(what);
            default -> first;
          };
      boolean shortest =
          first < 0x80 || first == 0x81 && length >= 0x80 || first == 0x82 && length > 0xFF;
      if (!shortest || length > bytes.length - at) {
        throw new CommandException(what + " has a length that is wrong");
      }
      at += length;
      return Arrays.copyOfRange(bytes, at - length, at);
    }

    byte[] octets(String what, int length) throws CommandException {
      byte[] octets = octets(what);
      if (octets.length != length) {
        throw new CommandException(what + " has " + octets.length + " bytes, not " + length);
      }
      return octets;
    }

    void end() throws CommandException {
      if (at != bytes.length) {
        throw new CommandException("something follows its end");
      }
    }
  }
}
