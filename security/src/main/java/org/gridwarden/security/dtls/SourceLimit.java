package org.gridwarden.security.dtls;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.californium.scandium.DtlsDatagramFilter;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.TransportPeer;

/**
 * Passes what its source may send and what has the form of a record; in this order. What comes from
 * where an association stands is counted under its holder's name: a flood from the same address
 * takes nothing from it.
 */
final class SourceLimit extends DtlsDatagramFilter {
  private final DatagramSecurity.Rules rules;
  private final Function<InetSocketAddress, Optional<TransportPeer>> standing;

  /**
   * @param standing who holds an association at an address
   */
  SourceLimit(
      DatagramSecurity.Rules rules, Function<InetSocketAddress, Optional<TransportPeer>> standing) {
    super();
    this.rules = rules;
    this.standing = standing;
  }

  @Override
  public boolean onReceiving(DatagramPacket packet) {
    Optional<TransportPeer> holder =
        standing.apply(new InetSocketAddress(packet.getAddress(), packet.getPort()));
    boolean may =
        holder.isPresent()
            ? rules.admission().datagram(rules.via().get(), holder.get().name())
            : rules.admission().datagram(rules.via().get(), packet.getAddress());
    return may && super.onReceiving(packet);
  }
}
