package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A frame of the application support layer (Zigbee specification 05-3474, clause 2.2.5). Commands
 * have a counter and a payload only.
 *
 * @param secured whether its payload is, or was, under a link key
 */
@SuppressWarnings("ArrayRecordComponent") // stays within the model
public record ApsFrame(
    Type type,
    boolean broadcast,
    boolean acknowledged,
    boolean secured,
    int toEndpoint,
    int cluster,
    int profile,
    int fromEndpoint,
    int counter,
    byte[] payload) {
  /** What a frame is. */
  public enum Type {
    DATA,
    COMMAND,
    ACK
  }

  private static final int BROADCAST = 0x08;
  private static final int SECURED = 0x20;
  private static final int WITH_ACK = 0x40;
  private static final int DATA_HEADER = 8;
  private static final int COMMAND_HEADER = 2;

  /** A command. */
  static ApsFrame command(int counter, boolean secured, byte[] payload) {
    return new ApsFrame(Type.COMMAND, false, false, secured, 0, 0, 0, 0, counter, payload);
  }

  /** The acknowledgement of this frame. */
  ApsFrame ack() {
    return new ApsFrame(
        Type.ACK,
        false,
        false,
        secured,
        fromEndpoint,
        cluster,
        profile,
        toEndpoint,
        counter,
        new byte[0]);
  }

  ApsFrame with(byte[] other) {
    return new ApsFrame(
        type,
        broadcast,
        acknowledged,
        secured,
        toEndpoint,
        cluster,
        profile,
        fromEndpoint,
        counter,
        other);
  }

  /** The bytes before the payload. */
  byte[] header() {
    int control =
        type.ordinal()
            | (broadcast ? BROADCAST : 0)
            | (secured ? SECURED : 0)
            | (acknowledged ? WITH_ACK : 0);
    if (type == Type.COMMAND) {
      return new byte[] {(byte) control, (byte) counter};
    }
    return ByteBuffer.allocate(DATA_HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) control)
        .put((byte) toEndpoint)
        .putShort((short) cluster)
        .putShort((short) profile)
        .put((byte) fromEndpoint)
        .put((byte) counter)
        .array();
  }

  /** All of its bytes. */
  byte[] bytes() {
    byte[] header = header();
    byte[] all = Arrays.copyOf(header, header.length + payload.length);
    System.arraycopy(payload, 0, all, header.length, payload.length);
    return all;
  }

  /** Reads a frame; a secured payload stays closed, with its auxiliary header. */
  static Optional<ApsFrame> parse(byte[] bytes) {
    if (bytes.length < COMMAND_HEADER || (bytes[0] & 3) == 3) {
      return Optional.empty();
    }
    Type type = Type.values()[bytes[0] & 3];
    boolean secured = (bytes[0] & SECURED) != 0;
    if (type == Type.COMMAND) {
      return Optional.of(
          command(bytes[1] & 0xFF, secured, Arrays.copyOfRange(bytes, 2, bytes.length)));
    }
    if (bytes.length < DATA_HEADER) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int control = in.get();
    int toEndpoint = in.get() & 0xFF;
    int cluster = in.getShort() & 0xFFFF;
    int profile = in.getShort() & 0xFFFF;
    int fromEndpoint = in.get() & 0xFF;
    int counter = in.get() & 0xFF;
    return Optional.of(
        new ApsFrame(
            type,
            (control & BROADCAST) != 0,
            (control & WITH_ACK) != 0,
            secured,
            toEndpoint,
            cluster,
            profile,
            fromEndpoint,
            counter,
            Arrays.copyOfRange(bytes, DATA_HEADER, bytes.length)));
  }
}
