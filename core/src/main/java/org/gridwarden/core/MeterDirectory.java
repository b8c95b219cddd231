package org.gridwarden.core;

import java.util.Optional;

/**
 * Which meters the office knows. Thread-safe and quick: answers from memory. Implemented in store.
 */
public interface MeterDirectory {
  Optional<Meter> byId(MeterId id);

  /** By the 8-byte DLMS system title. */
  Optional<Meter> bySystemTitle(byte[] systemTitle);

  /** By the maker's serial number or logical device name, as unciphered pushes state it. */
  Optional<Meter> bySerial(String serial);
}
