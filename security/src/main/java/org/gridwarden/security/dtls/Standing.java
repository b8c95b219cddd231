package org.gridwarden.security.dtls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.dtls.Connection;
import org.gridwarden.core.Admission;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.TransportPeer;
import org.jspecify.annotations.Nullable;

/** An association that a device holds. Thread-safe. */
final class Standing implements DatagramSecurity.Association {
  private final OpenConnector connector;
  private final Connection connection;
  private final TransportPeer peer;
  private final BooleanSupplier good;
  private final Admission.Ticket ticket;
  private final Consumer<Connection> drop;
  private volatile InetSocketAddress last;

  /**
   * @param good whether what it stands on is good yet
   */
  Standing(
      OpenConnector connector,
      Connection connection,
      TransportPeer peer,
      BooleanSupplier good,
      Admission.Ticket ticket,
      Consumer<Connection> drop) {
    this.connector = connector;
    this.connection = connection;
    this.peer = peer;
    this.good = good;
    this.ticket = ticket;
    this.drop = drop;
    this.last = connection.getPeerAddress();
  }

  @Override
  public TransportPeer peer() {
    return peer;
  }

  /** Whether it is the one whose holder the library names. */
  boolean isOf(@Nullable Principal holder) {
    return holder != null && holder.equals(connection.getEstablishedPeerIdentity());
  }

  /** Whether what it stands on is good yet: its certificate, or its key. */
  boolean good() {
    return good.getAsBoolean();
  }

  @Override
  public String where() {
    return String.valueOf(connection.getPeerAddress());
  }

  @Override
  public InetSocketAddress address() {
    InetSocketAddress now = connection.getPeerAddress();
    if (now != null) {
      last = now;
    }
    return last;
  }

  @Override
  public void send(byte[] datagram) throws IOException {
    InetSocketAddress at = connection.getPeerAddress();
    if (at == null) {
      throw new IOException("the association of " + peer + " has ended");
    }
    try {
      // to its address only while it is its own: another's association there is not sent to
      connector.send(
          RawData.outbound(
              datagram,
              new AddressEndpointContext(at, connection.getEstablishedPeerIdentity()),
              null,
              false));
    } catch (RuntimeException e) {
      throw new IOException("the association of " + peer + " takes no more: " + e.getMessage(), e);
    }
  }

  /** Its holder has come anew. */
  void replaced() {
    ticket.close();
    drop.accept(connection);
  }

  /** Gives its place back. */
  void letGo() {
    ticket.close();
  }

  @Override
  public void close() {
    InetSocketAddress at = connection.getPeerAddress();
    try {
      if (at != null) {
        connector.close(at);
      }
    } catch (RejectedExecutionException e) {
      // the port is being closed
    }
    replaced();
  }

  @Override
  public String toString() {
    return "association of " + peer;
  }
}
