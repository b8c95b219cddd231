package org.gridwarden.simulator.zigbee.ezsp;

import java.io.ByteArrayOutputStream;

/** Builds an answer or a callback of the dongle. */
final class EzspOut {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  EzspOut(int sequence, int control, int id) {
    one(sequence).one(control).one(id);
  }

  EzspOut one(int value) {
    out.write(value);
    return this;
  }

  EzspOut two(int value) {
    return one(value).one(value >>> 8);
  }

  EzspOut four(long value) {
    return two((int) value).two((int) (value >>> 16));
  }

  EzspOut eight(long value) {
    return four(value).four(value >>> 32);
  }

  EzspOut bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  byte[] done() {
    return out.toByteArray();
  }
}
