package org.gridwarden.channel.coap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;

/**
 * Who asks.
 *
 * @param proven who it has proven to be; empty for a stranger, whose messages must prove it
 * @param from where it says that it is
 * @param identity what tells it from others: a name that was proven, or an address
 */
record Caller(Optional<TransportPeer> proven, InetSocketAddress from, Object identity) {
  static Caller stranger(InetSocketAddress from) {
    return new Caller(Optional.empty(), from, from);
  }

  static Caller known(TransportPeer peer, InetSocketAddress from) {
    return new Caller(Optional.of(peer), from, peer.kind() + " " + peer.name());
  }

  boolean isStranger() {
    return proven.isEmpty();
  }

  /** The one meter that it is; empty for a stranger, or a concentrator. */
  Optional<MeterId> meter() {
    return proven.flatMap(TransportPeer::meter);
  }

  InetAddress source() {
    return from.getAddress();
  }

  @Override
  public String toString() {
    return proven.map(TransportPeer::toString).orElseGet(from::toString);
  }
}
