package org.gridwarden.simulator.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/** Carries messages over a WebSocket that it keeps, with a key in its handshake. */
public final class SocketCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress headEnd;
  private final Dress dress;

  /**
   * @param headEnd its listener without TLS
   */
  public SocketCarrier(InetSocketAddress headEnd) {
    this(headEnd, Dress.NONE);
  }

  /** The same, dressed. */
  public SocketCarrier(InetSocketAddress headEnd, Dress dress) {
    this.headEnd = headEnd;
    this.dress = dress;
  }

  @Override
  public Way open(Caller meter) throws IOException {
    MeterId id = meter.id();
    SocketLine line =
        SocketLine.open(
            HttpCarrier.connect(headEnd, id, dress),
            id,
            HttpLine.basic(id, MessagePassword.of(id, meter.key())),
            meter.orders());
    var told = line.ended().whenComplete((end, failure) -> meter.ended().run());
    return new Session(id, line);
  }

  private record Session(MeterId id, SocketLine line) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      try {
        int status = line.send(message).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        if (status != 200 && status != 201) {
          throw new IOException("the head-end refuses a message of meter " + id + ": " + status);
        }
      } catch (ExecutionException e) {
        throw new IOException("the socket has ended", e);
      } catch (TimeoutException e) {
        throw new IOException("no answer in time", e);
      }
    }

    @Override
    public void close() {
      line.close();
    }
  }
}
