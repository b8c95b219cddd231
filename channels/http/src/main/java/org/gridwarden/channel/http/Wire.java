package org.gridwarden.channel.http;

import java.io.IOException;

/**
 * What is spoken over a connection: HTTP/1.1, HTTP/2 or WebSocket. One thread reads; the rest is
 * thread-safe.
 */
interface Wire {
  /**
   * Takes what was read. Blocks while too much waits for its commit, so that nothing more is read.
   *
   * @throws IOException where the connection is to be closed
   */
  void read(byte[] bytes, int length) throws IOException, InterruptedException;

  /** Nothing came for a while. */
  default void quiet() {}

  /** The other end sends no more: what only waits for an order need not wait. */
  void over();

  /** Takes leave, as far as the protocol has words for it. */
  default void leave() {}

  /** Lets go what it holds. */
  void close();
}
