package org.gridwarden.simulator;

import java.io.IOException;
import java.net.Socket;
import org.gridwarden.core.MeterId;

/** What is laid over a meter's connection before it says anything: TLS, or nothing. Thread-safe. */
@FunctionalInterface
public interface Dress {
  /** Nothing. */
  Dress NONE = (meter, connected) -> connected;

  /**
   * Lays it over, and shakes hands.
   *
   * @return what the meter speaks over; closing it closes the connection
   * @throws IOException where the two do not come to terms; the connection is the caller's to close
   */
  Socket over(MeterId meter, Socket connected) throws IOException;
}
