package org.gridwarden.channel.http;

import java.io.IOException;

/** What is said over a WebSocket, frame by frame. One thread calls it, but for {@link #over}. */
interface Talk {
  /** A whole binary message. */
  void binary(byte[] message) throws IOException, InterruptedException;

  /** A whole text. */
  void text(byte[] utf8) throws IOException, InterruptedException;

  /** The connection ends. */
  void over();
}
