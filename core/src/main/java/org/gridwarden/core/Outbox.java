package org.gridwarden.core;

/** Events that leave with the transaction that made them. Implemented in store. */
public interface Outbox {
  void add(Tx tx, String topic, MeterId key, byte[] event);
}
