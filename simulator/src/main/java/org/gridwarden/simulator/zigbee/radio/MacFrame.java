package org.gridwarden.simulator.zigbee.radio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A frame of IEEE 802.15.4 (2006, clause 7.2) within one network, with its checksum.
 *
 * @param acknowledged whether the receiver is to acknowledge it
 */
@SuppressWarnings("ArrayRecordComponent") // stays within the model
public record MacFrame(
    Type type,
    boolean acknowledged,
    int sequence,
    int pan,
    MacAddress to,
    MacAddress from,
    byte[] payload) {
  /** What a frame is. */
  public enum Type {
    BEACON,
    DATA,
    ACK,
    COMMAND
  }

  private static final int SAME_PAN = 0x40;
  private static final int WITH_ACK = 0x20;

  /** How many bytes an acknowledgement has. */
  static final int ACK_LENGTH = 5;

  /** In an acknowledgement's first byte: more is to come. */
  static final int PENDING = 0x10;

  /**
   * An acknowledgement's bytes.
   *
   * @param pending whether something waits for who asked (clause 7.2.1.1.3)
   */
  static byte[] acknowledgement(int sequence, boolean pending) {
    byte[] out = {(byte) (Type.ACK.ordinal() | (pending ? PENDING : 0)), 0, (byte) sequence, 0, 0};
    int crc = crc(out, 3);
    out[3] = (byte) crc;
    out[4] = (byte) (crc >>> 8);
    return out;
  }

  /** The bytes on the air, checksum with them. */
  public byte[] bytes() {
    boolean bare = type == Type.ACK;
    int length = bare ? 3 : 5 + to.length() + from.length() + payload.length;
    ByteBuffer out = ByteBuffer.allocate(length + 2).order(ByteOrder.LITTLE_ENDIAN);
    int control = type.ordinal() | (acknowledged ? WITH_ACK : 0);
    if (!bare) {
      control |= SAME_PAN | mode(to) << 10 | mode(from) << 14;
    }
    out.putShort((short) control).put((byte) sequence);
    if (!bare) {
      out.putShort((short) pan);
      put(out, to);
      put(out, from);
      out.put(payload);
    }
    out.putShort((short) crc(out.array(), length));
    return out.array();
  }

  private static int mode(MacAddress address) {
    return address.extended() ? 3 : 2;
  }

  private static void put(ByteBuffer out, MacAddress address) {
    if (address.extended()) {
      out.putLong(address.value());
    } else {
      out.putShort((short) address.value());
    }
  }

  /** Reads a frame; empty where it is damaged, or none of this network's kinds. */
  public static Optional<MacFrame> parse(byte[] bytes) {
    if (bytes.length < ACK_LENGTH || bytes.length > 127) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if ((in.getShort(bytes.length - 2) & 0xFFFF) != crc(bytes, bytes.length - 2)) {
      return Optional.empty();
    }
    int control = in.getShort() & 0xFFFF;
    Type type = Type.values()[control & 3];
    int sequence = in.get() & 0xFF;
    if ((control & 7) > 3) {
      return Optional.empty();
    }
    if (type == Type.ACK) {
      return Optional.of(
          new MacFrame(type, false, sequence, 0, MacAddress.ALL, MacAddress.ALL, new byte[0]));
    }
    int toMode = control >> 10 & 3;
    int fromMode = control >> 14 & 3;
    int header = 5 + (toMode == 3 ? 8 : 2) + (fromMode == 3 ? 8 : 2);
    if (toMode < 2 || fromMode < 2 || (control & SAME_PAN) == 0 || bytes.length < header + 2) {
      return Optional.empty();
    }
    int pan = in.getShort() & 0xFFFF;
    MacAddress to = take(in, toMode);
    MacAddress from = take(in, fromMode);
    byte[] payload = new byte[bytes.length - header - 2];
    in.get(payload);
    return Optional.of(
        new MacFrame(type, (control & WITH_ACK) != 0, sequence, pan, to, from, payload));
  }

  private static MacAddress take(ByteBuffer in, int mode) {
    return mode == 3 ? MacAddress.extended(in.getLong()) : MacAddress.shortly(in.getShort());
  }

  /** The CRC of ITU-T, lowest bit first, from zero (clause 7.2.1.9). */
  static int crc(byte[] bytes, int length) {
    int crc = 0;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x8408 : crc >>> 1;
      }
    }
    return crc;
  }
}
