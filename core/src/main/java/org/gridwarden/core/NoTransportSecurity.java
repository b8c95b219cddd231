package org.gridwarden.core;

import java.io.IOException;
import java.net.Socket;

/** An office without certificates. */
final class NoTransportSecurity implements TransportSecurity {
  @Override
  public Secured accept(Socket connection) throws IOException {
    throw new IOException("this office has no certificate authority: nobody can connect by TLS");
  }

  @Override
  public Secured call(Socket connection, MeterId meter) throws IOException {
    throw new IOException("this office has no certificate authority: it calls nobody by TLS");
  }

  @Override
  public boolean revocationKnown() {
    return true;
  }
}
