package org.gridwarden.channel.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.listener.Tally;

/**
 * A port for datagrams. Each passes the limit of its source, and the bound of what is looked at at
 * once, before it is looked at; what does not is dropped, and comes again. Thread-safe.
 */
final class DatagramPort implements SipChannel.Port {
  private static final int BUFFER = 1 << 20;
  private static final int DRAIN_SECONDS = 4;

  private final DatagramSocket socket;
  private final SipChannel.Shared shared;
  private final Admission admission;
  private final Supplier<ChannelId> id;
  private final Semaphore waiting;
  private volatile boolean closed;

  DatagramPort(
      DatagramSocket socket, SipChannel.Shared shared, Admission admission, Supplier<ChannelId> id)
      throws IOException {
    this.socket = socket;
    this.shared = shared;
    this.admission = admission;
    this.id = id;
    this.waiting = new Semaphore(shared.limits().waiting());
    socket.setReceiveBufferSize(BUFFER);
  }

  /** Receives until it is closed. */
  void run() {
    byte[] bytes = new byte[shared.limits().maxDatagram() + 1];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    while (!closed) {
      try {
        packet.setLength(bytes.length);
        socket.receive(packet);
        admit(
            bytes,
            packet.getLength(),
            new InetSocketAddress(packet.getAddress(), packet.getPort()));
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (!closed) {
          shared.tally().fault(Tally.What.FAILED, id.get().toString(), "receiving failed: " + e);
        }
      }
    }
  }

  private void admit(byte[] bytes, int length, InetSocketAddress from) {
    if (!admission.datagram(id.get(), from.getAddress()) || !waiting.tryAcquire()) {
      shared.tally().count(Tally.What.OVER_LIMIT);
      return;
    }
    byte[] copy = Arrays.copyOf(bytes, length);
    Thread.ofVirtual()
        .name("sip")
        .start(() -> {
          try {
            take(copy, new DatagramFlow(this, from));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            shared.tally().fault(Tally.What.FAILED, "udp" + from, "a datagram failed: " + e);
          } finally {
            waiting.release();
          }
        });
  }

  private void take(byte[] bytes, DatagramFlow flow) throws InterruptedException {
    int from = 0;
    while (from < bytes.length && (bytes[from] == '\r' || bytes[from] == '\n')) {
      from++; // empty lines before a message, or nothing but them: kept alive (RFC 5626)
    }
    if (from == bytes.length) {
      return;
    }
    int end = Head.end(bytes, from, bytes.length);
    Head head;
    try {
      if (end < 0) {
        throw SipException.malformed("a head does not end");
      }
      head = Head.parse(bytes, from, end);
    } catch (SipException e) {
      shared
          .tally()
          .fault(Tally.What.MALFORMED, "udp" + flow.source(), String.valueOf(e.getMessage()));
      return;
    }
    try {
      if (end - from > shared.limits().maxHead()) {
        throw new SipException(513, "a head is too long");
      }
      if (bytes.length > shared.limits().maxDatagram()) {
        throw new SipException(513, "a datagram is too long: come by a connection");
      }
      int said = head.bodyLength(shared.limits().maxBody());
      if (said > bytes.length - end) {
        throw SipException.malformed("the body is shorter than its length");
      }
      byte[] body = Arrays.copyOfRange(bytes, end, said < 0 ? bytes.length : end + said);
      Transactions.Key key = Transactions.Key.of(flow.source(), bytes, bytes.length);
      shared.agent().take(head, body, Optional.of(key), bytes.length, flow);
    } catch (SipException e) {
      shared.agent().refuse(head, bytes.length, flow, e);
    }
  }

  /** Where datagrams came from, and go to. */
  private record DatagramFlow(DatagramPort port, InetSocketAddress source) implements Flow {
    @Override
    public boolean isReliable() {
      return false;
    }

    @Override
    public String transport() {
      return Transport.UDP.name();
    }

    @Override
    public String local() {
      return port.shared.local(here(), port.socket.getLocalPort());
    }

    /** The address that the other end knows, also where all are listened at. */
    private InetAddress here() {
      InetAddress bound = port.socket.getLocalAddress();
      if (bound.isAnyLocalAddress()) {
        try (DatagramSocket probe = new DatagramSocket()) {
          probe.connect(source); // sends nothing
          return probe.getLocalAddress();
        } catch (IOException | UncheckedIOException e) {
          return bound;
        }
      }
      return bound;
    }

    @Override
    public Optional<TransportPeer> shown() {
      return Optional.empty();
    }

    @Override
    public boolean isOpen() {
      return !port.closed;
    }

    @Override
    public void send(byte[] message) {
      try {
        port.socket.send(new DatagramPacket(message, message.length, source));
      } catch (IOException | IllegalArgumentException e) {
        // as if the network had lost it
        port.shared.tally().fault(Tally.What.FAILED, "udp" + source, "sending failed: " + e);
      }
    }

    @Override
    public boolean proven(MeterId name) {
      return true;
    }

    @Override
    public boolean begin() {
      return port.waiting.tryAcquire();
    }

    @Override
    public void done() {
      port.waiting.release();
    }
  }

  @Override
  public Health health() {
    return new Health(
        closed ? Health.State.DOWN : Health.State.UP,
        socket.getLocalAddress().getHostAddress()
            + ":"
            + socket.getLocalPort()
            + ", "
            + shared.tally().line());
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (waiting.tryAcquire(shared.limits().waiting(), DRAIN_SECONDS, TimeUnit.SECONDS)) {
        waiting.release(shared.limits().waiting());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.close();
    }
  }
}
