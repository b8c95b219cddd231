package org.gridwarden.core;

/** Our own invocation counters. Implemented in store. */
public interface SendCounter {
  /**
   * Reserves {@code block} counters for a key, durably before it returns, so that none is ever used
   * twice.
   *
   * @return the first of them, unsigned
   */
  long reserve(MeterId meter, byte[] keyId, int block);
}
