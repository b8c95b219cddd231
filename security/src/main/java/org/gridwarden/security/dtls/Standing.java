package org.gridwarden.security.dtls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.dtls.Connection;
import org.gridwarden.core.Admission;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.TransportPeer;

/** An association that a device holds. Thread-safe. */
final class Standing implements DatagramSecurity.Association {
  private final OpenConnector connector;
  private final Connection connection;
  private final TransportPeer peer;
  private final X509Certificate shown;
  private final Admission.Ticket ticket;
  private final Consumer<Connection> drop;

  Standing(
      OpenConnector connector,
      Connection connection,
      TransportPeer peer,
      X509Certificate shown,
      Admission.Ticket ticket,
      Consumer<Connection> drop) {
    this.connector = connector;
    this.connection = connection;
    this.peer = peer;
    this.shown = shown;
    this.ticket = ticket;
    this.drop = drop;
  }

  @Override
  public TransportPeer peer() {
    return peer;
  }

  X509Certificate shown() {
    return shown;
  }

  @Override
  public String where() {
    return String.valueOf(connection.getPeerAddress());
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
