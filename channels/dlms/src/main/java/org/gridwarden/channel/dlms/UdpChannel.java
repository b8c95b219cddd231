package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.Wrapper;

/**
 * Listens for meters that push in datagrams: each holds whole APDUs. Confirms go back to where the
 * datagram came from. While too many pushes wait for their commit, no more are read and the kernel
 * drops what does not fit its buffer: meters that want a confirm send again. Thread-safe.
 */
final class UdpChannel extends ReceivingChannel {
  private static final int MAX_DATAGRAM = 65_535;
  private static final int IN_FLIGHT = 1024;
  private static final int KERNEL_BUFFER = 4 << 20;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final DlmsSettings.Listener listener;
  private final DlmsSettings.Limits limits;
  private final Common common;
  private final Semaphore allowance = new Semaphore(IN_FLIGHT);
  private volatile ChannelId id;
  private volatile Optional<DatagramSocket> open = Optional.empty();
  private volatile boolean closed;

  UdpChannel(DlmsSettings.Listener listener, Common common) {
    this.listener = listener;
    this.common = common;
    this.limits = common.limits();
    this.id = new ChannelId("dlms", "udp-" + listener.port());
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    DatagramSocket socket;
    try {
      socket = new DatagramSocket(new InetSocketAddress(listener.bind(), listener.port()));
    } catch (SocketException e) {
      throw cannotOpen(
          "channels.dlms.udp, " + listener.bind() + ":" + listener.port(),
          "take another port or address: " + e.getMessage(),
          e);
    }
    try {
      socket.setReceiveBufferSize(KERNEL_BUFFER);
    } catch (SocketException e) {
      tally.fault(Tally.What.FAILED, id.toString(), "the kernel's buffer stays small");
    }
    id = new ChannelId("dlms", "udp-" + socket.getLocalPort());
    open = Optional.of(socket);
    PushHandler handler = common.handler(host, this::id, tally);
    Thread.ofPlatform()
        .name("dlms-" + id.instance())
        .daemon()
        .start(() -> receive(socket, host, handler));
  }

  private void receive(DatagramSocket socket, Host host, PushHandler handler) {
    byte[] buffer = new byte[MAX_DATAGRAM];
    while (!closed) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        if (!host.admission().datagram(id, packet.getAddress())) {
          tally.count(Tally.What.OVER_LIMIT);
          continue;
        }
        byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
        Source source = new Source(socket, packet.getSocketAddress());
        allowance.acquire();
        Thread.ofVirtual().name("dlms-udp").start(() -> datagram(bytes, source, handler));
      } catch (IOException e) {
        if (!closed) {
          tally.fault(Tally.What.FAILED, id.toString(), "receiving failed: " + e.getMessage());
          LockSupport.parkNanos(20_000_000);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        tally.fault(Tally.What.FAILED, id.toString(), "a datagram was dropped: " + e);
      }
    }
  }

  private void datagram(byte[] bytes, Source source, PushHandler handler) {
    try {
      LinkDecoder decoder = listener.link().decoder(limits.maxApdu());
      decoder.feed(ByteBuffer.wrap(bytes));
      decoder.finish();
      handler.takeAll(decoder, Optional.empty(), source);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, source.name(), "a datagram was dropped: " + e);
    } finally {
      allowance.release();
    }
  }

  /** Where a datagram came from. */
  private final class Source implements Peer {
    private final DatagramSocket socket;
    private final SocketAddress address;

    Source(DatagramSocket socket, SocketAddress address) {
      this.socket = socket;
      this.address = address;
    }

    @Override
    public String name() {
      return address.toString();
    }

    @Override
    public boolean proven(MeterId meter, LinkInfo link) {
      return true;
    }

    @Override
    public void begin() throws InterruptedException {
      allowance.acquire();
    }

    @Override
    public void end() {
      allowance.release();
    }

    @Override
    public boolean answers(LinkInfo link) {
      return true;
    }

    @Override
    public void reply(LinkInfo link, byte[] apdu) {
      byte[] framed =
          link.kind() == LinkInfo.Kind.WRAPPER
              ? Wrapper.encode(link.destination().lower(), link.source().lower(), apdu)
              : apdu;
      try {
        socket.send(new DatagramPacket(framed, framed.length, address));
      } catch (IOException e) {
        tally.fault(Tally.What.FAILED, name(), "a confirm was not sent: " + e.getMessage());
      }
    }
  }

  @Override
  public Health health() {
    if (open.isEmpty() || closed) {
      return new Health(Health.State.DOWN, "not listening");
    }
    return new Health(
        Health.State.UP, listener.bind() + ":" + id.instance().substring(4) + ", " + tally.line());
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (!allowance.tryAcquire(IN_FLIGHT, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        tally.fault(Tally.What.FAILED, id.toString(), "closed with pushes unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    open.ifPresent(DatagramSocket::close);
  }
}
