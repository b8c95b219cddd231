package org.gridwarden.dlms.security;

import java.io.ByteArrayOutputStream;

/** Writes what little of DER (ITU-T X.690) a certificate request takes. */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int UTF8_STRING = 0x0C;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;
  static final int CONTEXT_0 = 0xA0;

  private Der() {}

  /** A value of a tag whose contents are these parts, one after the other. */
  static byte[] of(int tag, byte[]... parts) {
    ByteArrayOutputStream contents = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      contents.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(contents.size() + 4);
    out.write(tag);
    int length = contents.size();
    if (length >= 0x80) {
      out.write(length < 0x100 ? 0x81 : 0x82);
      if (length >= 0x100) {
        out.write(length >> 8);
      }
    }
    out.write(length);
    out.writeBytes(contents.toByteArray());
    return out.toByteArray();
  }
}
