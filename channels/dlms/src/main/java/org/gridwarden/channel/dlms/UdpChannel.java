package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Health;

/**
 * Listens for meters that push in datagrams: each holds whole APDUs. Confirms go back to where the
 * datagram came from. While too many pushes wait for their commit, no more are read and the kernel
 * drops what does not fit its buffer: meters that want a confirm send again. Thread-safe.
 */
final class UdpChannel extends ReceivingChannel {
  private static final int MAX_DATAGRAM = 65_535;
  private static final int KERNEL_BUFFER = 4 << 20;

  private final DlmsSettings.Listener listener;
  private final Common common;
  private volatile ChannelId id;
  private volatile Optional<DatagramSocket> open = Optional.empty();
  private volatile Optional<Datagrams> taking = Optional.empty();
  private volatile boolean closed;

  UdpChannel(DlmsSettings.Listener listener, Common common) {
    this.listener = listener;
    this.common = common;
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
    Datagrams datagrams =
        new Datagrams(
            listener.link(),
            common.limits().maxApdu(),
            common.handler(host, this::id, tally),
            tally);
    taking = Optional.of(datagrams);
    Thread.ofPlatform()
        .name("dlms-" + id.instance())
        .daemon()
        .start(() -> receive(socket, host, datagrams));
  }

  private void receive(DatagramSocket socket, Host host, Datagrams datagrams) {
    byte[] buffer = new byte[MAX_DATAGRAM];
    while (!closed) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        if (!host.admission().datagram(id, packet.getAddress())) {
          tally.count(Tally.What.OVER_LIMIT);
          continue;
        }
        SocketAddress from = packet.getSocketAddress();
        datagrams.take(
            Arrays.copyOf(buffer, packet.getLength()),
            from.toString(),
            Optional.empty(),
            answer -> socket.send(new DatagramPacket(answer, answer.length, from)));
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
    taking.ifPresent(datagrams -> datagrams.drain(id.toString()));
    open.ifPresent(DatagramSocket::close);
  }
}
