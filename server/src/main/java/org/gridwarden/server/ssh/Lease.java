package org.gridwarden.server.ssh;

/** A caller who acts as long as somebody holds the lease. Thread-safe. */
final class Lease implements AutoCloseable {
  private final Gate gate;
  private final Caller caller;
  private int holders = 1;

  Lease(Gate gate, Caller caller) {
    this.gate = gate;
    this.caller = caller;
  }

  Caller caller() {
    return caller;
  }

  /** One more holder; false where the last one has gone. */
  synchronized boolean hold() {
    if (holders == 0) {
      return false;
    }
    holders++;
    return true;
  }

  @Override
  public synchronized void close() {
    if (holders > 0 && --holders == 0) {
      gate.left(caller);
    }
  }
}
