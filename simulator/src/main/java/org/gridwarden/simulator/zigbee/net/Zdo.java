package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What the model needs of Zigbee's device profile (05-3474, clause 2.4). */
public final class Zdo {
  public static final int DEVICE_ANNOUNCE = 0x0013;
  public static final int PERMIT_JOINING = 0x0036;
  public static final int ACTIVE_ENDPOINTS = 0x0005;
  public static final int SIMPLE_DESCRIPTOR = 0x0004;
  public static final int NODE_DESCRIPTOR = 0x0002;
  public static final int BIND = 0x0021;
  public static final int LEAVE = 0x0034;
  public static final int RESPONSE = 0x8000;

  private Zdo() {}

  /** Who announced itself. */
  public record Announced(int address, long eui64) {}

  static byte[] announce(int sequence, int address, long eui64) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) sequence)
        .putShort((short) address)
        .putLong(eui64)
        .put((byte) 0x8E) // a router on mains, always listening, that gives addresses
        .array();
  }

  static Optional<Announced> announced(byte[] payload) {
    if (payload.length != 12) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(new Announced(in.getShort(1) & 0xFFFF, in.getLong(3)));
  }
}
