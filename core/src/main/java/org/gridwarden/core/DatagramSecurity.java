package org.gridwarden.core;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Mutually authenticated DTLS with devices that speak in datagrams. An association whose
 * certificate is revoked or ends is dropped while it stands. Implemented in security. Thread-safe.
 */
public interface DatagramSecurity {
  /** Where there is none: no port is opened. */
  DatagramSecurity NONE = new NoDatagramSecurity();

  /**
   * Opens a port to which devices come.
   *
   * @throws IOException where the port is taken or DTLS cannot be had here; the message says which,
   *     and the remedy
   */
  Port listen(Rules rules, Receiver receiver) throws IOException;

  /**
   * How a port is kept.
   *
   * @param bind the address and port; port 0 takes any free one
   * @param via what the port is called once it is open
   * @param admission is asked for each datagram, and for a place before a handshake takes any
   * @param most how many associations stand at once, 1 or more; where more come, the longest silent
   *     makes room if it was silent for {@code idle}
   * @param handshake the time for a handshake in all
   * @param idle silence after which an association may have to make room
   */
  record Rules(
      InetSocketAddress bind,
      Supplier<ChannelId> via,
      Admission admission,
      int most,
      Duration handshake,
      Duration idle) {}

  /** An open port. */
  interface Port extends AutoCloseable {
    /** Which one it is. */
    int number();

    /** How many associations stand. */
    int associations();

    /** Closes it, and all that stands over it. Idempotent. */
    @Override
    void close();
  }

  /** What two ends agreed on under their certificates. Outlives a change of address. */
  interface Association extends AutoCloseable {
    /** Who the other end is. */
    TransportPeer peer();

    /** Where it was heard of last; for people. */
    String where();

    /**
     * Sends a datagram.
     *
     * @param datagram of 1 to 16,384 bytes
     * @throws IOException where the association has ended
     */
    void send(byte[] datagram) throws IOException;

    /** Ends it, with the parting word that DTLS has. Idempotent. */
    @Override
    void close();
  }

  /** Takes datagrams. Called from threads that serve many associations: it must not wait. */
  interface Receiver {
    /** A datagram that came over an association. */
    void received(Association from, byte[] datagram);
  }
}
