package org.gridwarden.dlms.meter;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.UdpLink;
import org.gridwarden.dlms.Wrapper;

/**
 * Answers clients of one or more logical devices in the wrapper over UDP, one APDU a datagram (IEC
 * 62056-47, clause 6). An association belongs to a client's address, port and number; it is
 * forgotten after a time of silence, or for newer ones where there are too many. What is no whole
 * wrapper is passed over. Thread-safe.
 */
public final class UdpMeterServer implements Closeable {
  private static final int LARGEST = 65_535;
  private static final int HEADER = Wrapper.HEADER;

  /** Datagrams of one client that wait while one is answered; more are dropped, as UDP may. */
  private static final int MOST_WAITING = 16;

  private final DatagramSocket socket;
  private final Devices devices;
  private final MeterServer.Limits limits;

  /** By who asks for what, the one that was silent for longest first. Guarded by itself. */
  private final LinkedHashMap<Peer, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  private record Peer(SocketAddress from, int client, int device) {}

  private final class Session implements Runnable {
    private final Peer peer;
    private final MeterAssociation association;
    private final ReentrantLock turn = new ReentrantLock();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(2);
    private boolean running;
    private long heardAt;

    Session(Peer peer, MeterAssociation association) {
      this.peer = peer;
      this.association = association;
    }

    void take(byte[] apdu) {
      synchronized (this) {
        if (waiting.size() >= MOST_WAITING) {
          return;
        }
        waiting.add(apdu);
        if (running) {
          return;
        }
        running = true;
      }
      Thread.ofVirtual().name("meter-client").start(this);
    }

    private Optional<byte[]> next() {
      synchronized (this) {
        Optional<byte[]> apdu = Optional.ofNullable(waiting.poll());
        running = apdu.isPresent();
        return apdu;
      }
    }

    @Override
    public void run() {
      for (Optional<byte[]> apdu = next(); apdu.isPresent(); apdu = next()) {
        turn.lock();
        try {
          for (byte[] answer : association.answer(apdu.get())) {
            send(peer, answer);
          }
        } finally {
          turn.unlock();
        }
      }
    }

    boolean tell(AttributeRef attribute) {
      turn.lock();
      try {
        Optional<byte[]> apdu = association.notification(attribute);
        apdu.ifPresent(bytes -> send(peer, bytes));
        return apdu.isPresent();
      } catch (DlmsException e) {
        return false;
      } finally {
        turn.unlock();
      }
    }
  }

  private UdpMeterServer(DatagramSocket socket, Devices devices, MeterServer.Limits limits) {
    this.socket = socket;
    this.devices = devices;
    this.limits = limits;
  }

  /**
   * Opens a port.
   *
   * @param address port 0 for any free one
   * @param devices by wrapper port; 1 is the management logical device
   * @param limits {@code maxConnections} are the associations that are kept at once
   */
  public static UdpMeterServer open(
      InetSocketAddress address, Map<Integer, LogicalDevice> devices, MeterServer.Limits limits)
      throws IOException {
    DatagramSocket socket = new DatagramSocket(address);
    UdpMeterServer server = new UdpMeterServer(socket, new Devices(devices), limits);
    Thread.ofPlatform().name("meter-udp-" + server.port()).daemon().start(server::receive);
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return socket.getLocalPort();
  }

  private void receive() {
    byte[] buffer = new byte[LARGEST];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!socket.isClosed()) {
      try {
        packet.setLength(buffer.length);
        socket.receive(packet);
        int length = packet.getLength() - HEADER;
        if (length > 0 && word(buffer, 0) == 1 && word(buffer, 6) == length) {
          Peer peer = new Peer(packet.getSocketAddress(), word(buffer, 2), word(buffer, 4));
          byte[] apdu = Arrays.copyOfRange(buffer, HEADER, packet.getLength());
          session(peer).ifPresent(session -> session.take(apdu));
        }
      } catch (IOException e) {
        // closed, or the system tells of a client that is gone
      }
    }
  }

  private Optional<Session> session(Peer peer) {
    long now = System.nanoTime();
    synchronized (sessions) {
      var oldest = sessions.entrySet().iterator();
      while (oldest.hasNext() && now - oldest.next().getValue().heardAt > idle()) {
        oldest.remove();
      }
      Session known = sessions.get(peer);
      if (known == null) {
        Optional<Session> opened =
            devices
                .open(peer.device(), peer.client())
                .map(association -> new Session(peer, association));
        if (opened.isEmpty()) {
          return opened;
        }
        if (sessions.size() >= limits.maxConnections()) {
          sessions.pollFirstEntry();
        }
        known = opened.get();
        sessions.put(peer, known);
      }
      known.heardAt = now;
      return Optional.of(known);
    }
  }

  private long idle() {
    Duration idle = limits.idle();
    return idle.toNanos();
  }

  private void send(Peer peer, byte[] answer) {
    if (answer.length > UdpLink.MAX_APDU) {
      return; // no datagram carries it; the client's timeout tells
    }
    byte[] bytes = Wrapper.encode(peer.device(), peer.client(), answer);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, peer.from()));
    } catch (IOException e) {
      // the client is gone, or this is closed
    }
  }

  /** As {@link MeterServer#tell}; whether a datagram arrives nobody knows. */
  public int tell(int device, AttributeRef attribute) {
    List<Session> asked;
    synchronized (sessions) {
      asked = sessions.values().stream().filter(s -> s.peer.device() == device).toList();
    }
    int told = 0;
    for (Session session : asked) {
      told += session.tell(attribute) ? 1 : 0;
    }
    return told;
  }

  private static int word(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
  }

  /** Stops listening, and forgets every association. */
  @Override
  public void close() {
    socket.close();
    synchronized (sessions) {
      sessions.clear();
    }
  }
}
