package org.gridwarden.simulator.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/**
 * Carries messages by SIP: a meter registers, subscribes to its orders, and sends each message by
 * MESSAGE. It shows who it is by a digest, or by what its connection shows.
 */
public final class SipCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LASTING = Duration.ofSeconds(600);
  private static final String TYPE = "application/cose";
  private static final int OK = 200;

  private final InetSocketAddress headEnd;
  private final Plug plug;
  private final boolean digest;

  /** What opens a meter's wire. */
  public interface Plug {
    /** A wire to the office, or to a proxy before it. */
    SipWire open(Caller meter) throws IOException;
  }

  /**
   * @param headEnd the office's own listener, whichever proxy stands before it
   * @param digest whether a meter shows who it is by a digest
   */
  public SipCarrier(InetSocketAddress headEnd, Plug plug, boolean digest) {
    this.headEnd = headEnd;
    this.plug = plug;
    this.digest = digest;
  }

  /** By datagrams. */
  public static SipCarrier udp(InetSocketAddress headEnd) {
    return new SipCarrier(headEnd, meter -> SipWire.udp(headEnd, Optional.empty()), true);
  }

  /** By a connection without TLS. */
  public static SipCarrier tcp(InetSocketAddress headEnd) {
    return new SipCarrier(headEnd, meter -> SipWire.of(connect(headEnd)), true);
  }

  /** By a connection that is dressed. */
  public static SipCarrier tcp(InetSocketAddress headEnd, Dress dress) {
    return new SipCarrier(
        headEnd,
        meter -> {
          Socket bare = connect(headEnd);
          try {
            return SipWire.of(dress.over(meter.id(), bare));
          } catch (IOException e) {
            bare.close();
            throw e;
          }
        },
        true);
  }

  /** A connection. */
  public static Socket connect(InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(to, (int) PATIENCE.toMillis());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    MeterId id = meter.id();
    String host = headEnd.getAddress().getHostAddress();
    SipLine line =
        new SipLine(
            plug.open(meter),
            (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + headEnd.getPort(),
            id,
            digest ? Optional.of(MessagePassword.of(id, meter.key())) : Optional.empty(),
            asked -> {
              if (asked.body().length > 0) {
                meter.orders().accept(asked.body());
              }
            },
            meter.ended());
    try {
      comes(line);
    } catch (IOException | InterruptedException e) {
      line.close();
      throw e;
    }
    Thread stays = Thread.ofVirtual().name(id + "-stays").start(() -> stay(meter, line));
    return new Session(id, line, stays);
  }

  /** Registers and subscribes; once more before either ends. */
  private static void comes(SipLine line) throws IOException, InterruptedException {
    String expires = "Expires: " + LASTING.toSeconds();
    well(line.ask("REGISTER", "", List.of(expires), new byte[0]));
    well(
        line.ask(
            "SUBSCRIBE",
            "orders",
            List.of(expires, "Event: gridwarden-orders", "Accept: " + TYPE),
            new byte[0]));
  }

  private static void well(SipPacket answer) throws IOException {
    if (answer.status() != OK) {
      throw new IOException("the office answers " + answer.status());
    }
  }

  private static void stay(Caller meter, SipLine line) {
    try {
      while (true) {
        Thread.sleep(LASTING.dividedBy(2));
        comes(line);
      }
    } catch (IOException e) {
      meter.ended().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Session(MeterId id, SipLine line, Thread stays) implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      well(line.ask("MESSAGE", kind.word(), List.of("Content-Type: " + TYPE), message));
    }

    @Override
    public void close() {
      stays.interrupt();
      line.close();
    }
  }
}
