package org.gridwarden.simulator.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.Connector;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.TransportKey;
import org.gridwarden.security.dtls.DtlsLine;
import org.gridwarden.simulator.Carrier;

/**
 * Carries messages by CoAP, confirmed. Under DTLS a meter observes its mailbox for orders; without
 * it has none. Each meter has a port of its own.
 */
public final class CoapCarrier implements Carrier {
  /** What a message may take in all, with every repetition. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration FIRST_ACKNOWLEDGEMENT = Duration.ofSeconds(2);

  private final InetSocketAddress headEnd;
  private final Shake shake;

  /** How a meter shakes hands; empty where it does not. */
  public interface Shake {
    /** The connector that does. */
    Optional<Connector> of(Caller meter) throws IOException;
  }

  private CoapCarrier(InetSocketAddress headEnd, Shake shake) {
    this.headEnd = headEnd;
    this.shake = shake;
  }

  /** Without DTLS. */
  public static CoapCarrier plain(InetSocketAddress headEnd) {
    return new CoapCarrier(headEnd, meter -> Optional.empty());
  }

  /** Without DTLS, unconfirmable, and nobody is to answer (RFC 7967): what is lost is lost. */
  public static Carrier unconfirmed(InetSocketAddress headEnd) {
    return meter -> {
      CoapLine line = CoapLine.plain(headEnd, Optional.empty(), FIRST_ACKNOWLEDGEMENT);
      return new Way() {
        @Override
        public void send(MessageClass kind, byte[] message) {
          line.tell("gw/" + kind.word(), message);
        }

        @Override
        public void close() {
          line.close();
        }
      };
    };
  }

  /** Under DTLS with the key that the meter and the office share. */
  public static CoapCarrier sharedKey(InetSocketAddress headEnd, Optional<InetAddress> from) {
    return new CoapCarrier(
        headEnd,
        meter ->
            Optional.of(
                DtlsLine.client(
                    from, meter.id().value(), TransportKey.DTLS.of(meter.id(), meter.key()))));
  }

  /** Without DTLS, under OSCORE: with a mailbox. */
  public static Carrier oscore(InetSocketAddress headEnd) {
    return meter -> {
      OscoreLine line =
          new OscoreLine(
              CoapLine.plain(headEnd, Optional.empty(), FIRST_ACKNOWLEDGEMENT),
              meter.id(),
              meter.key(),
              meter.counters());
      try {
        // the office learns that this meter is now
        var unused = within(line.get("gw/orders"));
      } catch (IOException | InterruptedException e) {
        line.close();
        throw e;
      }
      line.observe("gw/orders", told -> order(meter, told), meter.ended());
      return new Line(line::post, line::close);
    };
  }

  /**
   * As another carrier, and each meter also hears what is said to a group by multicast.
   *
   * @param carrier the other one
   * @param group its address, and the port
   * @param on the network interface that it is joined on
   */
  public static Carrier hearing(Carrier carrier, InetSocketAddress group, NetworkInterface on) {
    return meter -> {
      GroupEar ear = GroupEar.at(group, on, meter.orders());
      try {
        Way way = carrier.open(meter);
        return new Way() {
          @Override
          public void send(MessageClass kind, byte[] message)
              throws IOException, InterruptedException {
            way.send(kind, message);
          }

          @Override
          public void close() {
            ear.close();
            way.close();
          }
        };
      } catch (IOException | InterruptedException e) {
        ear.close();
        throw e;
      }
    };
  }

  private static void order(Caller meter, Response told) {
    if (told.getPayloadSize() > 0) {
      meter.orders().accept(told.getPayload());
    }
  }

  private static Response within(CompletableFuture<Response> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException("nobody answers", e);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    }
  }

  /** Under DTLS with what a meter shakes hands by. */
  public static CoapCarrier secure(InetSocketAddress headEnd, Shake shake) {
    return new CoapCarrier(headEnd, shake);
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    Optional<Connector> dtls = shake.of(meter);
    if (dtls.isEmpty()) {
      CoapLine plain = CoapLine.plain(headEnd, Optional.empty(), FIRST_ACKNOWLEDGEMENT);
      return new Line(plain::post, plain::close);
    }
    CoapLine line = CoapLine.secure(headEnd, dtls.get(), FIRST_ACKNOWLEDGEMENT);
    Runnable unused = line.observe("gw/orders", told -> order(meter, told), meter.ended());
    return new Line(line::post, line::close);
  }

  private interface Post {
    CompletableFuture<Response> post(String path, byte[] message, boolean confirmable);
  }

  private record Line(Post line, Runnable end) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      Response answer = within(line.post("gw/" + kind.word(), message, true));
      if (answer.getCode() != ResponseCode.CHANGED) {
        throw new IOException("the office answers " + answer.getCode());
      }
    }

    @Override
    public void close() {
      end.run();
    }
  }
}
