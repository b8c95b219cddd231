package org.gridwarden.security;

import org.gridwarden.core.Secret;

/** A key as a shipment brings it. Never prints a byte of it. */
public sealed interface ShippedKey {
  /** There is none. */
  record None() implements ShippedKey {}

  /**
   * Wrapped to the office's public key; see {@link KeyWrap#forShipment}.
   *
   * @param bytes the ciphertext
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record Wrapped(byte[] bytes) implements ShippedKey {
    public Wrapped {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public String toString() {
      return "Wrapped[" + bytes.length + " bytes]";
    }
  }

  /** In the clear: in the demo only. */
  record Plain(Secret key) implements ShippedKey {}
}
