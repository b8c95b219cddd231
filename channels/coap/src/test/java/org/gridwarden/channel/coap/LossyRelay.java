package org.gridwarden.channel.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad network before a port: of a hundred datagrams each way it drops some, brings some twice,
 * and some after those that were sent later. The same ones for the same seed and the same traffic.
 */
final class LossyRelay implements AutoCloseable {
  private static final int LARGEST = 4_096;

  private final DatagramSocket front;
  private final InetSocketAddress office;
  private final Map<SocketAddress, DatagramSocket> backs = new ConcurrentHashMap<>();
  private final Random dice;
  private final int percent;
  private byte[] late = {};
  private volatile boolean closed;
  final AtomicInteger dropped = new AtomicInteger();
  final AtomicInteger doubled = new AtomicInteger();

  LossyRelay(InetSocketAddress office, int percent, long seed) throws IOException {
    this.office = office;
    this.percent = percent;
    this.dice = new Random(seed);
    this.front = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
    Thread.ofPlatform().daemon().start(() -> pump(front, this::up));
  }

  InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", front.getLocalPort());
  }

  private interface Way {
    void go(SocketAddress from, byte[] bytes) throws IOException;
  }

  private void pump(DatagramSocket socket, Way way) {
    byte[] buffer = new byte[LARGEST];
    while (!closed) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        way.go(packet.getSocketAddress(), Arrays.copyOf(packet.getData(), packet.getLength()));
      } catch (IOException e) {
        // closed, or a port that nobody listens on
      }
    }
  }

  private void up(SocketAddress meter, byte[] bytes) throws IOException {
    DatagramSocket back = backs.get(meter);
    if (back == null) {
      DatagramSocket fresh = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
      backs.put(meter, fresh);
      Thread.ofPlatform()
          .daemon()
          .start(() -> pump(fresh, (from, down) -> shake(front, meter, down)));
      back = fresh;
    }
    shake(back, office, bytes);
  }

  private synchronized void shake(DatagramSocket by, SocketAddress to, byte[] bytes)
      throws IOException {
    int roll = dice.nextInt(100);
    if (roll < percent) {
      dropped.incrementAndGet();
      return;
    }
    by.send(new DatagramPacket(bytes, bytes.length, to));
    if (roll < 2 * percent) {
      doubled.incrementAndGet();
      by.send(new DatagramPacket(bytes, bytes.length, to));
    }
    if (roll >= 95) {
      late = bytes; // once more, after what comes next the same way
    } else if (late.length > 0 && roll >= 90) {
      by.send(new DatagramPacket(late, late.length, to));
      late = new byte[0];
    }
  }

  @Override
  public void close() {
    closed = true;
    front.close();
    backs.values().forEach(DatagramSocket::close);
  }
}
