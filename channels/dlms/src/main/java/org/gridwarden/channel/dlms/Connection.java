package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.core.TransportSecurity;

/** A TCP connection, with TLS over it or without. Any thread may close it. */
final class Connection {
  private final Socket raw;
  private final Optional<TransportSecurity.Secured> secured;

  private Connection(Socket raw, Optional<TransportSecurity.Secured> secured) {
    this.raw = raw;
    this.secured = secured;
  }

  /** A connection that came in; nothing is read of it. */
  static Connection accepted(Socket raw, boolean secure, TransportSecurity tls) throws IOException {
    return new Connection(raw, secure ? Optional.of(tls.accept(raw)) : Optional.empty());
  }

  /**
   * Shakes hands, where that is to be done.
   *
   * @return who the other end is; empty without TLS
   */
  Optional<TransportPeer> shakeHands(Duration within) throws IOException {
    return secured.isPresent() ? secured.get().handshake(within) : Optional.empty();
  }

  /** The socket that is read from and written to. */
  Socket socket() {
    return secured.map(TransportSecurity.Secured::socket).orElse(raw);
  }

  /** Nothing more is read; what is under way can be answered. */
  void stopReading() {
    try {
      raw.shutdownInput();
    } catch (IOException e) {
      abort();
    }
  }

  /** Closes, with the parting word that TLS has. */
  void close() {
    secured.ifPresent(TransportSecurity.Secured::close);
    abort();
  }

  /** Closes at once. */
  void abort() {
    TcpChannel.closeQuietly(raw);
  }
}
