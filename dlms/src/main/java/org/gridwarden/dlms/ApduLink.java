package org.gridwarden.dlms;

import java.io.IOException;
import java.time.Duration;

/** A way for whole APDUs to and from one peer. One thread at a time. */
public interface ApduLink extends AutoCloseable {
  /**
   * Sends an APDU.
   *
   * @throws IOException where the way is broken
   */
  void send(byte[] apdu) throws IOException;

  /**
   * The next APDU.
   *
   * @param patience how long to wait for the whole of it
   * @throws java.net.SocketTimeoutException where none came in time
   * @throws java.io.EOFException where the peer has closed the way
   * @throws IOException where the way is broken
   * @throws DlmsException where what came is no frame, or too long
   */
  byte[] receive(Duration patience) throws IOException, DlmsException;

  /**
   * The same for a caller to whom the way is of no use any more where none comes in time: it may be
   * closed then.
   */
  default byte[] receiveOrClose(Duration patience) throws IOException, DlmsException {
    return receive(patience);
  }

  /** Closes the way; again does nothing. */
  @Override
  void close() throws IOException;
}
