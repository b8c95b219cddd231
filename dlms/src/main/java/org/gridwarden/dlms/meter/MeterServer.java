package org.gridwarden.dlms.meter;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.TcpLine;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.hdlc.HdlcStation;

/**
 * Listens on TCP for clients of one or more logical devices, in the wrapper (IEC 62056-47) or in
 * HDLC (IEC 62056-46). A connection may carry several clients' associations, each in order, and
 * costs a virtual thread and a few kilobytes. Thread-safe.
 */
public final class MeterServer implements Closeable {
  private static final int BACKLOG = 4_096;
  private static final long AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(50);

  private final ServerSocket listening;
  private final Conversation conversation;
  private final int maxConnections;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Set<WrappedConversation> wrapped;

  /** What is done with a connection until it ends. */
  @FunctionalInterface
  private interface Conversation {
    void hold(TcpLine line) throws IOException;
  }

  /**
   * How much a port takes.
   *
   * @param maxConnections at once; who comes then is turned away at once
   * @param idle a connection that is silent for so long is closed; in HDLC, one without any HDLC
   *     connection on it
   */
  public record Limits(int maxConnections, Duration idle) {
    /** 20,000 connections, three minutes of silence. */
    public static final Limits DEFAULT = new Limits(20_000, Duration.ofMinutes(3));

    public Limits {
      if (maxConnections < 1 || !idle.isPositive()) {
        throw new IllegalArgumentException("a port takes at least one connection for some time");
      }
    }
  }

  private MeterServer(
      ServerSocket listening,
      Conversation conversation,
      Set<WrappedConversation> wrapped,
      int maxConnections) {
    this.listening = listening;
    this.conversation = conversation;
    this.wrapped = wrapped;
    this.maxConnections = maxConnections;
  }

  /**
   * Opens a port for the wrapper.
   *
   * @param port 0 for any free one
   * @param devices by wrapper port; 1 is the management logical device
   * @param idle a connection that is silent for so long is closed
   */
  public static MeterServer open(
      InetAddress address, int port, Map<Integer, LogicalDevice> devices, Duration idle)
      throws IOException {
    return open(
        new InetSocketAddress(address, port),
        devices,
        new Limits(Limits.DEFAULT.maxConnections(), idle));
  }

  /** The same with all limits. */
  public static MeterServer open(
      InetSocketAddress address, Map<Integer, LogicalDevice> devices, Limits limits)
      throws IOException {
    Devices known = new Devices(devices);
    Set<WrappedConversation> wrapped = ConcurrentHashMap.newKeySet();
    Conversation conversation =
        line -> {
          WrappedConversation held = new WrappedConversation(line, known);
          wrapped.add(held);
          try {
            held.hold(limits.idle());
          } finally {
            wrapped.remove(held);
          }
        };
    return listen(address, conversation, wrapped, limits);
  }

  /**
   * Opens a port for HDLC, each connection being a line of its own.
   *
   * @param devices by upper HDLC address
   * @param physicalDevice the lower HDLC address; empty: whichever a client calls
   */
  public static MeterServer openHdlc(
      InetSocketAddress address,
      Map<Integer, LogicalDevice> devices,
      OptionalInt physicalDevice,
      HdlcSettings settings,
      Limits limits)
      throws IOException {
    Devices known = new Devices(devices);
    return listen(
        address,
        line ->
            new HdlcStation(known.directory(), physicalDevice, settings)
                .serve(line, limits.idle(), limits.idle()),
        Set.of(),
        limits);
  }

  private static MeterServer listen(
      InetSocketAddress address,
      Conversation conversation,
      Set<WrappedConversation> wrapped,
      Limits limits)
      throws IOException {
    ServerSocket listening = new ServerSocket();
    try {
      listening.bind(address, BACKLOG);
    } catch (IOException e) {
      listening.close();
      throw e;
    }
    MeterServer server = new MeterServer(listening, conversation, wrapped, limits.maxConnections());
    Thread.ofPlatform().name("meter-" + server.port()).daemon().start(server::accept);
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return listening.getLocalPort();
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        if (connections.size() >= maxConnections) {
          socket.close();
          continue;
        }
        connections.add(socket);
        Thread.ofVirtual().name("meter-client").start(() -> serve(socket));
      } catch (IOException e) {
        // closed, this one client went away, or there are no more file descriptors for a while
        LockSupport.parkNanos(AFTER_FAILURE);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        TcpLine line = new TcpLine(socket)) {
      conversation.hold(line);
    } catch (IOException e) {
      // the client went away, or was silent for too long
    } finally {
      connections.remove(socket);
    }
  }

  /**
   * Tells an attribute's value, unasked, to every client that has an association with a device
   * open, takes such messages and may read it: EventNotification, or InformationReport with short
   * names, protected as its association is. Over HDLC nobody is told: a station there speaks when
   * it is polled.
   *
   * @return to how many it was sent
   */
  public int tell(int device, AttributeRef attribute) {
    int told = 0;
    for (WrappedConversation held : wrapped) {
      told += held.tell(device, attribute);
    }
    return told;
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
