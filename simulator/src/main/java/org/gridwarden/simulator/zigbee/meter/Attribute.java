package org.gridwarden.simulator.zigbee.meter;

import java.nio.charset.StandardCharsets;

/**
 * An attribute's value with its type.
 *
 * @param bytes how many bytes a number has; 0 for a text
 */
record Attribute(int type, int bytes, long value, String text) {
  static Attribute bits8(long value) {
    return new Attribute(0x18, 1, value, "");
  }

  static Attribute flag(boolean value) {
    return new Attribute(0x10, 1, value ? 1 : 0, "");
  }

  static Attribute bits16(long value) {
    return new Attribute(0x19, 2, value, "");
  }

  static Attribute unsigned8(long value) {
    return new Attribute(0x20, 1, value, "");
  }

  static Attribute unsigned16(long value) {
    return new Attribute(0x21, 2, value, "");
  }

  static Attribute unsigned24(long value) {
    return new Attribute(0x22, 3, value, "");
  }

  static Attribute unsigned48(long value) {
    return new Attribute(0x25, 6, value, "");
  }

  static Attribute signed16(long value) {
    return new Attribute(0x29, 2, value, "");
  }

  static Attribute signed24(long value) {
    return new Attribute(0x2A, 3, value, "");
  }

  static Attribute signed32(long value) {
    return new Attribute(0x2B, 4, value, "");
  }

  static Attribute enum8(long value) {
    return new Attribute(0x30, 1, value, "");
  }

  static Attribute time(long secondsSince2000) {
    return new Attribute(0xE2, 4, secondsSince2000, "");
  }

  static Attribute text(String text) {
    return new Attribute(0x42, 0, 0, text);
  }

  /** Type and value. */
  void write(Zcl.Out out) {
    out.number(1, type);
    if (bytes == 0) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      out.number(1, ascii.length).bytes(ascii);
    } else {
      out.number(bytes, value);
    }
  }
}
