package org.gridwarden.simulator.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/**
 * Carries messages by WAMP's publish and subscribe over a WebSocket that it keeps, with a key in
 * its handshake.
 */
public final class WampCarrier implements Carrier {
  private final InetSocketAddress headEnd;
  private final Dress dress;

  /**
   * @param headEnd its listener
   * @param dress what is laid over the connection
   */
  public WampCarrier(InetSocketAddress headEnd, Dress dress) {
    this.headEnd = headEnd;
    this.dress = dress;
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    MeterId id = meter.id();
    WampLine line =
        WampLine.open(
            HttpCarrier.connect(headEnd, id, dress),
            id,
            HttpLine.basic(id, MessagePassword.of(id, meter.key())),
            meter.orders());
    var told = line.ended().whenComplete((end, failure) -> meter.ended().run());
    return new Session(line);
  }

  private record Session(WampLine line) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      line.send(kind, message);
    }

    @Override
    public void close() {
      line.close();
    }
  }
}
