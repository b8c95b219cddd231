package org.gridwarden.core;

import java.io.IOException;

/** An office without certificates. */
final class NoDatagramSecurity implements DatagramSecurity {
  @Override
  public Port listen(Rules rules, Receiver receiver) throws IOException {
    throw new IOException("this office has no certificate authority: nobody can come by DTLS");
  }
}
