package org.gridwarden.dlms.meter;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.dlms.Wrapper;

/**
 * Listens for clients of one or more logical devices, in the wrapper over TCP (IEC 62056-47). A
 * connection may carry several clients' associations, each in order. Thread-safe.
 */
public final class MeterServer implements Closeable {
  private static final int MAX_CONNECTIONS = 1_000;
  private static final int MAX_CLIENTS = 8;

  private final ServerSocket listening;
  private final Map<Integer, LogicalDevice> devices;
  private final Duration idle;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  private MeterServer(ServerSocket listening, Map<Integer, LogicalDevice> devices, Duration idle) {
    this.listening = listening;
    this.devices = Map.copyOf(devices);
    this.idle = idle;
  }

  /**
   * Opens a port.
   *
   * @param port 0 for any free one
   * @param devices by wrapper port; 1 is the management logical device
   * @param idle a connection that is silent for so long is closed
   */
  public static MeterServer open(
      InetAddress address, int port, Map<Integer, LogicalDevice> devices, Duration idle)
      throws IOException {
    ServerSocket listening = new ServerSocket();
    try {
      listening.bind(new InetSocketAddress(address, port), 128);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    MeterServer server = new MeterServer(listening, devices, idle);
    Thread.ofPlatform().name("meter-" + server.port()).daemon().start(server::accept);
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        if (connections.size() >= MAX_CONNECTIONS) {
          socket.close();
          continue;
        }
        connections.add(socket);
        Thread.ofVirtual().name("meter-client").start(() -> serve(socket));
      } catch (IOException e) {
        // closed, or this one client went away
      }
    }
  }

  private void serve(Socket socket) {
    Map<Long, MeterAssociation> associations = new HashMap<>();
    try (socket) {
      socket.setSoTimeout(Math.toIntExact(idle.toMillis()));
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 2_560));
      while (in.readUnsignedShort() == 1) {
        int client = in.readUnsignedShort();
        int device = in.readUnsignedShort();
        byte[] apdu = in.readNBytes(in.readUnsignedShort());
        LogicalDevice known = devices.get(device);
        if (known == null || associations.size() >= MAX_CLIENTS) {
          return;
        }
        MeterAssociation association =
            associations.computeIfAbsent(
                (long) device << 16 | client, k -> new MeterAssociation(known, client));
        for (byte[] answer : association.answer(apdu)) {
          socket.getOutputStream().write(Wrapper.encode(device, client, answer));
        }
      }
    } catch (IOException e) {
      // the client went away, or was silent for too long
    } finally {
      connections.remove(socket);
    }
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
