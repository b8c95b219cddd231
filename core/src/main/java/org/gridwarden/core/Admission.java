package org.gridwarden.core;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Who may hold a connection. Unauthenticated sessions are counted per source, authenticated ones
 * per meter, all under one total; when room is needed the oldest silent unauthenticated session of
 * the greediest source is put out. Implemented in security. Thread-safe.
 */
public interface Admission {
  /**
   * Asks for a place, before anything is read.
   *
   * @param evict closes the connection; may be called from any thread, once, while it is still
   *     unauthenticated
   * @return a ticket to hold while the connection lives, or empty: close it at once
   */
  Optional<Ticket> admit(ChannelId via, InetAddress source, Runnable evict);

  /** Whether a datagram from this source may be looked at now. */
  boolean datagram(ChannelId via, InetAddress source);

  /**
   * The same for a datagram over an association that the meter, or concentrator, has proven: it is
   * counted under its name, whoever else sends from its address.
   */
  boolean datagram(ChannelId via, MeterId proven);

  /** A held place. */
  interface Ticket extends AutoCloseable {
    /** Something arrived: the session is not silent. */
    void active();

    /**
     * The meter behind the session has proven itself: it is counted under the meter from now on.
     *
     * @return false where that meter holds too many already: close it
     */
    boolean authenticated(MeterId meter);

    /** Gives the place back. Idempotent. */
    @Override
    void close();
  }
}
