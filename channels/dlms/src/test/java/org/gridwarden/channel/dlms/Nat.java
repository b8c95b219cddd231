package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A box between one meter and the office, that gives the meter another port when told to. */
final class Nat implements AutoCloseable {
  private static final int HANDSHAKE = 22;

  private final InetSocketAddress office;
  private final DatagramSocket inside;
  private volatile DatagramSocket outside;
  private volatile @Nullable InetSocketAddress meter;
  private final AtomicInteger handshakes = new AtomicInteger();

  Nat(InetSocketAddress office) throws IOException {
    this.office = office;
    this.inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    DatagramSocket first = outside;
    Thread.ofVirtual().start(() -> inward(first));
    Thread.ofVirtual().start(this::outward);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), inside.getLocalPort());
  }

  /** How many datagrams with handshake records the meter has sent. */
  int handshakes() {
    return handshakes.get();
  }

  /** From now on the meter comes from another port; what is sent to the old one is lost. */
  void move() throws IOException {
    DatagramSocket old = outside;
    DatagramSocket fresh = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    outside = fresh;
    old.close();
    Thread.ofVirtual().start(() -> inward(fresh));
  }

  private void outward() {
    byte[] buffer = new byte[65_535];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        inside.receive(packet);
        meter = (InetSocketAddress) packet.getSocketAddress();
        if (packet.getLength() > 0 && buffer[0] == HANDSHAKE) {
          handshakes.incrementAndGet();
        }
        outside.send(new DatagramPacket(buffer, packet.getLength(), office));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void inward(DatagramSocket from) {
    byte[] buffer = new byte[65_535];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        from.receive(packet);
        InetSocketAddress to = meter;
        if (to != null) { // the office says nothing first
          inside.send(new DatagramPacket(buffer, packet.getLength(), to));
        }
      }
    } catch (IOException e) {
      // closed, or another has taken its place
    }
  }

  @Override
  public void close() {
    inside.close();
    outside.close();
  }
}
