package org.gridwarden.channel.coap;

import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;

/** A port without DTLS: a datagram passes the limit of its source before it is looked at. */
final class PlainPort extends UDPConnector {
  private final Admission admission;
  private final Supplier<ChannelId> via;
  private final BooleanSupplier full;

  /**
   * @param full whether nothing more can be taken now
   */
  PlainPort(
      InetSocketAddress bind,
      Configuration terms,
      Admission admission,
      Supplier<ChannelId> via,
      BooleanSupplier full) {
    super(bind, terms);
    this.admission = admission;
    this.via = via;
    this.full = full;
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
