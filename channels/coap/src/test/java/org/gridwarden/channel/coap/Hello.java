package org.gridwarden.channel.coap;

import java.net.DatagramPacket;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A client's hello of DTLS 1.2, made by hand (RFC 6347, 4.3.2; RFC 5246, 7.4.1.2). */
final class Hello {
  private static final byte[] EXTENSIONS = {
    0x00,
    0x0A,
    0x00,
    0x04,
    0x00,
    0x02,
    0x00,
    0x17, // groups: P-256
    0x00,
    0x0B,
    0x00,
    0x02,
    0x01,
    0x00, // point formats: uncompressed
    0x00,
    0x0D,
    0x00,
    0x04,
    0x00,
    0x02,
    0x04,
    0x03, // signatures: ECDSA with SHA-256
    0x00,
    0x17,
    0x00,
    0x00, // extended master secret
    (byte) 0xFF,
    0x01,
    0x00,
    0x01,
    0x00 // renegotiation info
  };

  private Hello() {}

  /** Without a cookie. */
  static byte[] first(int number) {
    return record(number, 0, new byte[0]);
  }

  /** The same with the cookie that it was answered. */
  static byte[] second(int number, byte[] cookie) {
    return record(number, 1, cookie);
  }

  /** Of a HelloVerifyRequest. */
  static byte[] cookie(DatagramPacket answer) {
    byte[] bytes = answer.getData();
    int length = bytes[27] & 0xFF; // record 13, handshake 12, version 2
    return Arrays.copyOfRange(bytes, 28, 28 + length);
  }

  private static byte[] record(int number, int sequence, byte[] cookie) {
    byte[] random = new byte[32];
    ByteBuffer.wrap(random).putInt(0x5EED).putInt(number);
    ByteBuffer body = ByteBuffer.allocate(512);
    body.put((byte) 0xFE).put((byte) 0xFD); // DTLS 1.2
    body.put(random);
    body.put((byte) 0); // session id
    body.put((byte) cookie.length).put(cookie);
    body.putShort((short) 2).putShort((short) 0xC02B); // ECDHE-ECDSA-AES128-GCM-SHA256
    body.put((byte) 1).put((byte) 0); // no compression
    body.putShort((short) EXTENSIONS.length).put(EXTENSIONS);
    int length = body.position();
    ByteBuffer out = ByteBuffer.allocate(25 + length);
    out.put((byte) 22).put((byte) 0xFE).put((byte) 0xFD); // handshake, DTLS 1.2
    out.putShort((short) 0); // epoch
    out.putShort((short) 0).putInt(sequence); // 48 bits
    out.putShort((short) (12 + length));
    out.put((byte) 1); // ClientHello
    out.put((byte) 0).putShort((short) length);
    out.putShort((short) sequence); // message sequence
    out.put((byte) 0).putShort((short) 0); // fragment from
    out.put((byte) 0).putShort((short) length); // and of
    out.put(body.flip());
    return out.array();
  }
}
