package org.gridwarden.channel.coap;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.UdpMulticastConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;

/** A port without DTLS: a datagram passes the limit of its source before it is looked at. */
final class PlainPort extends UDPConnector {
  private final Admission admission;
  private final Supplier<ChannelId> via;
  private final BooleanSupplier full;

  /**
   * @param group that datagrams may come to, too
   * @param full whether nothing more can be taken now
   */
  PlainPort(
      InetSocketAddress bind,
      Optional<CoapSettings.Group> group,
      Configuration terms,
      Admission admission,
      Supplier<ChannelId> via,
      BooleanSupplier full) {
    super(bind, terms);
    this.admission = admission;
    this.via = via;
    this.full = full;
    group.ifPresent(g ->
        addMulticastReceiver(
            new UdpMulticastConnector.Builder()
                .setLocalAddress(g.address(), g.port())
                .addMulticastGroup(g.address(), g.on())
                .setConfiguration(terms)
                .setMulticastReceiver(true)
                .build()));
  }

  @Override
  public void setRawDataReceiver(RawDataChannel receiver) {
    super.setRawDataReceiver(data -> {
      if (admission.datagram(via.get(), data.getInetSocketAddress().getAddress())
          && !full.getAsBoolean()) {
        receiver.receiveData(data);
      }
    });
  }
}
