package org.gridwarden.security.dtls;

import java.net.DatagramPacket;
import org.eclipse.californium.scandium.DtlsDatagramFilter;
import org.gridwarden.core.DatagramSecurity;

/** Passes what its source may send and what has the form of a record; in this order. */
final class SourceLimit extends DtlsDatagramFilter {
  private final DatagramSecurity.Rules rules;

  SourceLimit(DatagramSecurity.Rules rules) {
    super();
    this.rules = rules;
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    return rules.admission().datagram(rules.via().get(), packet.getAddress())
        && super.onReceiving(packet);
  }
}
