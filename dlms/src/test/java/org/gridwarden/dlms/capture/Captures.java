package org.gridwarden.dlms.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes capture files and packets as the formats say, field by field. */
final class Captures {
  private Captures() {}

  /** A pcap file of one packet. */
  static byte[] pcap(ByteOrder order, boolean nanos, int linkType, byte[] packet) {
    return ByteBuffer.allocate(24 + 16 + packet.length)
        .order(order)
        .putInt(nanos ? 0xA1B23C4D : 0xA1B2C3D4)
        .putShort((short) 2) // version 2.4
        .putShort((short) 4)
        .putInt(0) // zone
        .putInt(0) // accuracy
        .putInt(262144) // longest packet
        .putInt(linkType)
        .putInt(1_795_578_172) // seconds
        .putInt(nanos ? 250_000_000 : 250_000)
        .putInt(packet.length) // captured
        .putInt(packet.length) // on the wire
        .put(packet)
        .array();
  }

  /** A pcapng file: a section, an interface, one enhanced packet between blocks of other kinds. */
  static byte[] pcapng(ByteOrder order, int resolution, long time, int linkType, byte[] packet) {
    int padded = packet.length + 3 & ~3;
    return ByteBuffer.allocate(28 + 32 + 16 + 32 + padded + 12)
        .order(order)
        .putInt(0x0A0D0D0A) // section header
        .putInt(28)
        .putInt(0x1A2B3C4D)
        .putShort((short) 1)
        .putShort((short) 0)
        .putLong(-1) // length of the section: unknown
        .putInt(28)
        .putInt(1) // interface description
        .putInt(32)
        .putShort((short) linkType)
        .putShort((short) 0)
        .putInt(0) // no limit
        .putShort((short) 9) // if_tsresol
        .putShort((short) 1)
        .put((byte) resolution)
        .put(new byte[3])
        .putInt(0) // end of options
        .putInt(32)
        .putInt(0x0BAD) // a kind that nobody knows
        .putInt(16)
        .putInt(42)
        .putInt(16)
        .putInt(6) // enhanced packet
        .putInt(32 + padded)
        .putInt(0) // interface
        .putInt((int) (time >>> 32))
        .putInt((int) time)
        .putInt(packet.length)
        .putInt(packet.length)
        .put(packet)
        .put(new byte[padded - packet.length])
        .putInt(32 + padded)
        .putInt(5) // interface statistics, empty
        .putInt(12)
        .putInt(12)
        .array();
  }

  /** IPv4 and UDP around a payload, from 10.0.0.7:4059 to 10.0.0.1:50000. */
  static byte[] udp4(byte[] payload) {
    return ByteBuffer.allocate(28 + payload.length)
        .putShort((short) 0x4500) // version 4, five words
        .putShort((short) (28 + payload.length))
        .putInt(0) // identification, flags, no fragment
        .putShort((short) 0x4011) // 64 hops, UDP
        .putShort((short) 0)
        .putInt(0x0A000007)
        .putInt(0x0A000001)
        .putShort((short) 4059)
        .putShort((short) 50000)
        .putShort((short) (8 + payload.length))
        .putShort((short) 0)
        .put(payload)
        .array();
  }

  /** IPv6 with hop-by-hop options and UDP around a payload, from fd00::7 to fd00::1. */
  static byte[] udp6(byte[] payload) {
    return ByteBuffer.allocate(40 + 8 + 8 + payload.length)
        .putInt(0x60000000)
        .putShort((short) (16 + payload.length))
        .putShort((short) 0x0040) // hop-by-hop options follow
        .putLong(0xFD00L << 48)
        .putLong(7)
        .putLong(0xFD00L << 48)
        .putLong(1)
        .putLong(0x1100_0104_0000_0000L) // then UDP; eight bytes of padding
        .putShort((short) 4059)
        .putShort((short) 50000)
        .putShort((short) (8 + payload.length))
        .putShort((short) 0)
        .put(payload)
        .array();
  }

  /** An Ethernet header, with a VLAN tag where wanted. */
  static byte[] ethernet(int type, boolean tagged, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[12]);
    if (tagged) {
      out.writeBytes(new byte[] {(byte) 0x81, 0, 0, 5});
    }
    out.write(type >> 8);
    out.write(type);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** Linux cooked capture, version 1: 14 bytes, then the type. */
  static byte[] cooked(int type, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[14]);
    out.write(type >> 8);
    out.write(type);
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** Linux cooked capture, version 2: the type, then 18 bytes. */
  static byte[] cooked2(int type, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type >> 8);
    out.write(type);
    out.writeBytes(new byte[18]);
    out.writeBytes(payload);
    return out.toByteArray();
  }
}
