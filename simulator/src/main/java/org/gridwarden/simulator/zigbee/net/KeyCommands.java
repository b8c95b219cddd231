package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The commands by which keys travel (Zigbee specification 05-3474, clause 4.4.10). */
final class KeyCommands {
  static final int TRANSPORT_KEY = 0x05;
  static final int UPDATE_DEVICE = 0x06;
  static final int REMOVE_DEVICE = 0x07;
  static final int SWITCH_KEY = 0x09;
  static final int TUNNEL = 0x0E;

  private static final byte NETWORK_KEY = 0x01;

  private KeyCommands() {}

  private static ByteBuffer bytes(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The network's key for one device. */
  static byte[] transportKey(NetworkKey key, long to, long from) {
    return bytes(35)
        .put((byte) TRANSPORT_KEY)
        .put(NETWORK_KEY)
        .put(key.key())
        .put((byte) key.sequence())
        .putLong(to)
        .putLong(from)
        .array();
  }

  /** A network key that came, for whom, and from whom. */
  record Transported(NetworkKey key, long to, long from) {}

  static Optional<Transported> transported(byte[] command) {
    if (command.length != 35 || command[0] != TRANSPORT_KEY || command[1] != NETWORK_KEY) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(command).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(
        new Transported(
            new NetworkKey(Arrays.copyOfRange(command, 2, 18), command[18] & 0xFF),
            in.getLong(19),
            in.getLong(27)));
  }

  /** A parent tells the trust centre of a newcomer, or of one that left. */
  static byte[] updateDevice(long device, int address, int status) {
    return bytes(12)
        .put((byte) UPDATE_DEVICE)
        .putLong(device)
        .putShort((short) address)
        .put((byte) status)
        .array();
  }

  /** What a parent told. */
  record Updated(long device, int address, int status) {}

  static Optional<Updated> updated(byte[] command) {
    if (command.length != 12 || command[0] != UPDATE_DEVICE) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(command).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(new Updated(in.getLong(1), in.getShort(9) & 0xFFFF, command[11] & 0xFF));
  }

  /**
   * A frame that a parent is to hand to a newcomer in the clear: it is under the newcomer's key.
   */
  static byte[] tunnel(long to, byte[] frame) {
    return bytes(9 + frame.length).put((byte) TUNNEL).putLong(to).put(frame).array();
  }

  /** What is to be handed on. */
  @SuppressWarnings("ArrayRecordComponent") // stays within the model
  record Tunnelled(long to, byte[] frame) {}

  static Optional<Tunnelled> tunnelled(byte[] command) {
    if (command.length < 11 || command[0] != TUNNEL) {
      return Optional.empty();
    }
    long to = ByteBuffer.wrap(command).order(ByteOrder.LITTLE_ENDIAN).getLong(1);
    return Optional.of(new Tunnelled(to, Arrays.copyOfRange(command, 9, command.length)));
  }

  static byte[] switchKey(int sequence) {
    return new byte[] {SWITCH_KEY, (byte) sequence};
  }

  static byte[] removeDevice(long device) {
    return bytes(9).put((byte) REMOVE_DEVICE).putLong(device).array();
  }
}
