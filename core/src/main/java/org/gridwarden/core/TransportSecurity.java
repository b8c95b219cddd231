package org.gridwarden.core;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/**
 * Mutually authenticated TLS on connections with devices. A connection whose certificate is revoked
 * or ends is cut while it stands. Implemented in security. Thread-safe.
 */
public interface TransportSecurity {
  /** Where there is none: every connection is refused. */
  TransportSecurity NONE = new NoTransportSecurity();

  /** Lays TLS over a connection that came in; nothing is read before {@link Secured#handshake}. */
  Secured accept(Socket connection) throws IOException;

  /**
   * The same for a listener where a certificate may be shown and need not be: who shows none proves
   * itself by what it says then. A certificate that is shown must be good.
   */
  default Secured acceptEither(Socket connection) throws IOException {
    throw new IOException("this office's TLS lets nobody in without a certificate");
  }

  /** Lays TLS over a connection that was opened to a meter, which must show its certificate. */
  Secured call(Socket connection, MeterId meter) throws IOException;

  /**
   * Whether it is known which certificates are revoked. Where it is not, readings are still taken,
   * and nothing is commanded.
   */
  boolean revocationKnown();

  /** The same for datagrams. */
  default DatagramSecurity datagrams() {
    return DatagramSecurity.NONE;
  }

  /** A connection under TLS. One thread shakes hands and reads; any may close. */
  interface Secured extends AutoCloseable {
    /**
     * Shakes hands.
     *
     * @param within the time for all of it, whatever trickles in meanwhile
     * @return who the other end is; empty only after {@link #acceptEither}, where it shows nothing
     * @throws IOException where it has no certificate that is good here, or was too slow; the
     *     message says why, and the connection is closed
     */
    Optional<TransportPeer> handshake(Duration within) throws IOException;

    /** The socket whose streams are under TLS. */
    Socket socket();

    /** Closes, without waiting long for the other end. Idempotent. */
    @Override
    void close();
  }
}
