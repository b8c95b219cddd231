package org.gridwarden.channel.sip;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;

/**
 * The way that messages come by, and that answers, orders and questions go back by: a connection,
 * or the address that datagrams came from. No address that a message only says is ever called.
 * Thread-safe; equal where it is the same way.
 */
interface Flow {
  /** Whether what is sent arrives, as long as it is open. */
  boolean isReliable();

  /** As the field Via has it: UDP, TCP or TLS. */
  String transport();

  /** Host and port of this end, as far as it knows itself. */
  String local();

  /** The other end. */
  InetSocketAddress source();

  /** What its certificate says; empty where there is none. */
  Optional<TransportPeer> shown();

  /** Whether anything can go by it. */
  boolean isOpen();

  /** Hands a message over to the network. */
  void send(byte[] message);

  /**
   * Somebody has proven themselves over it.
   *
   * @return false where they hold too many already
   */
  boolean proven(MeterId name);

  /**
   * One more message waits for its commit; a connection blocks while too many do.
   *
   * @return false where too many do, and it cannot wait
   */
  boolean begin() throws InterruptedException;

  /** One less does. */
  void done();
}
