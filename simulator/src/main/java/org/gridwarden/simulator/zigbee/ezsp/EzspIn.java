package org.gridwarden.simulator.zigbee.ezsp;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a command of the host; a command that is too short gives zeros, and is marked so. */
final class EzspIn {
  private final ByteBuffer in;
  private boolean tooShort;

  EzspIn(byte[] bytes) {
    in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean tooShort() {
    return tooShort;
  }

  int one() {
    try {
      return in.get() & 0xFF;
    } catch (BufferUnderflowException e) {
      tooShort = true;
      return 0;
    }
  }

  int two() {
    return one() | one() << 8;
  }

  long eight() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (long) one() << (8 * i);
    }
    return value;
  }

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) one();
    }
    return bytes;
  }
}
