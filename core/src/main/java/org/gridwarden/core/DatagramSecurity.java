package org.gridwarden.core;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Mutually authenticated DTLS with devices that speak in datagrams. An association whose
 * certificate is revoked or ends, or whose key is shared no longer, is dropped while it stands.
 * Implemented in security. Thread-safe.
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
   * @param proofs what is taken for proof beside certificates
   */
  record Rules(
      InetSocketAddress bind,
      Supplier<ChannelId> via,
      Admission admission,
      int most,
      Duration handshake,
      Duration idle,
      Proofs proofs) {
    /** Certificates alone. */
    public Rules(
        InetSocketAddress bind,
        Supplier<ChannelId> via,
        Admission admission,
        int most,
        Duration handshake,
        Duration idle) {
      this(bind, via, admission, most, handshake, idle, Proofs.CERTIFICATES);
    }
  }

  /**
   * What a port takes for proof beside certificates, which it always takes.
   *
   * @param rawKeys whether a device may show the bare key of its certificate (RFC 7250)
   * @param shared keys that are shared with devices; empty for none
   * @param shortTags whether CCM with a tag of 64 bits is agreed to, as RFC 7252 asks of CoAP
   */
  record Proofs(boolean rawKeys, Optional<SharedKeys> shared, boolean shortTags) {
    /** Certificates alone, whole tags. */
    public static final Proofs CERTIFICATES = new Proofs(false, Optional.empty(), false);
  }

  /** Finds keys that are shared with devices. Thread-safe; may wait. */
  interface SharedKeys {
    /** The key of whoever says it is this; empty where there is none. */
    Optional<SharedKey> find(String identity);
  }

  /**
   * A key that is shared with a device.
   *
   * @param peer who has it
   * @param key at least 16 bytes
   * @param standing whether what was agreed on under it may go on; quick, thread-safe
   */
  record SharedKey(TransportPeer peer, Secret key, BooleanSupplier standing) {}

  /** An open port. */
  interface Port extends AutoCloseable {
    /** Which one it is. */
    int number();

    /** How many associations stand. */
    int associations();

    /** The one that a device holds now, whatever address it has. */
    Optional<Association> find(TransportPeer device);

    /** Closes it, and all that stands over it. Idempotent. */
    @Override
    void close();
  }

  /** What two ends agreed on once both had proven who they are. Outlives a change of address. */
  interface Association extends AutoCloseable {
    /** Who the other end is. */
    TransportPeer peer();

    /** Where it was heard of last; for people. */
    String where();

    /** The address that it was heard of from last. */
    InetSocketAddress address();

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
