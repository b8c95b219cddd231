package org.gridwarden.channel.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;

/**
 * The office's DTLS port as the library wants it: whoever speaks is known by name, and what goes
 * down goes over the association that the name holds then. Thread-safe.
 */
final class SecurePort implements Connector {
  private final DatagramSecurity security;
  private final DatagramSecurity.Rules rules;
  private final BooleanSupplier full;
  private volatile Optional<RawDataChannel> receiver = Optional.empty();
  private volatile Optional<DatagramSecurity.Port> open = Optional.empty();

  /** Who has proven to be who it is. */
  record Known(TransportPeer peer) implements Principal {
    @Override
    public String getName() {
      return peer.name().value();
    }
  }

  /**
   * @param full whether nothing more can be taken now
   */
  SecurePort(DatagramSecurity security, DatagramSecurity.Rules rules, BooleanSupplier full) {
    this.security = security;
    this.rules = rules;
    this.full = full;
  }

  @Override
  public synchronized void start() throws IOException {
    if (open.isEmpty()) {
      open = Optional.of(security.listen(rules, this::received));
    }
  }

  private void received(DatagramSecurity.Association from, byte[] datagram) {
    if (datagram.length <= CoapTerms.DATAGRAM && !full.getAsBoolean()) {
      receiver.ifPresent(to ->
          to.receiveData(
              RawData.inbound(
                  datagram,
                  new AddressEndpointContext(from.address(), new Known(from.peer())),
                  false,
                  System.nanoTime(),
                  getAddress())));
    }
  }

  @Override
  public void send(RawData message) {
    Optional<DatagramSecurity.Association> to =
        message.getSenderIdentity() instanceof Known known
            ? open.flatMap(port -> port.find(known.peer()))
            : Optional.empty();
    if (to.isEmpty()) {
      message.onError(new IOException("there is no association to send it over"));
      return;
    }
    try {
      message.onContextEstablished(
          new AddressEndpointContext(to.get().address(), new Known(to.get().peer())));
      to.get().send(message.getBytes());
      message.onSent();
    } catch (IOException e) {
      message.onError(e);
    }
  }

  /** Whether a meter holds an association now. */
  boolean holds(MeterId meter) {
    return open.flatMap(
            port -> port.find(new TransportPeer(TransportPeer.Kind.METER, meter, new byte[0])))
        .isPresent();
  }

  int associations() {
    return open.map(DatagramSecurity.Port::associations).orElse(0);
  }

  @Override
  public void setRawDataReceiver(RawDataChannel value) {
    receiver = Optional.ofNullable(value);
  }

  @Override
  public void setEndpointContextMatcher(EndpointContextMatcher matcher) {
    // over which association a message goes is decided above
  }

  @Override
  public InetSocketAddress getAddress() {
    return open.map(port -> new InetSocketAddress(rules.bind().getAddress(), port.number()))
        .orElse(rules.bind());
  }

  @Override
  public String getProtocol() {
    return CoAP.PROTOCOL_DTLS;
  }

  @Override
  public boolean isRunning() {
    return open.isPresent();
  }

  @Override
  public void processDatagram(DatagramPacket datagram) {
    throw new UnsupportedOperationException("the port reads its datagrams itself");
  }

  @Override
  public synchronized void stop() {
    open.ifPresent(DatagramSecurity.Port::close);
    open = Optional.empty();
  }

  @Override
  public void destroy() {
    stop();
  }
}
