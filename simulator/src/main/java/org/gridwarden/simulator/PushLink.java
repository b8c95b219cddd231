package org.gridwarden.simulator;

import java.io.IOException;
import java.time.Duration;

/** A meter's way to the head-end. One thread at a time; connects when first used. */
interface PushLink extends AutoCloseable {
  /**
   * Connects before anything is sent, where there is something to connect.
   *
   * @throws IOException where that fails; it is tried again with the first APDU
   */
  default void connect() throws IOException {}

  /**
   * Sends an APDU.
   *
   * @throws IOException where it could not be sent; the link is then closed and connects anew next
   *     time
   */
  void send(byte[] apdu) throws IOException;

  /**
   * The next APDU that comes in.
   *
   * @throws java.net.SocketTimeoutException where none does in time
   * @throws IOException where the link breaks or what comes is no frame
   */
  byte[] receive(Duration within) throws IOException;

  /** Whether answers come over it at all. */
  boolean answers();

  @Override
  void close();
}
