package org.gridwarden.channel.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An attacker at 127.0.0.66: holds {@value #CONNECTIONS} connections, and opens others as they are
 * closed, for as long as it lives.
 */
final class Crowd implements AutoCloseable {
  static final int CONNECTIONS = 1_500;
  static final String ADDRESS = "127.0.0.66";

  private final Deque<Socket> held = new ArrayDeque<>();
  private final Thread thread;
  private final int port;
  private final Opening opening;
  private volatile boolean running = true;
  volatile int opened;

  /** What it does with a connection before it falls silent. */
  interface Opening {
    /**
     * @return what is to be held
     */
    Socket begin(Socket connected) throws IOException;
  }

  Crowd(int port, Opening opening) {
    this.port = port;
    this.opening = opening;
    this.thread = Thread.ofPlatform().name("crowd").start(this::run);
  }

  /** One that says some bytes. */
  static Opening saying(byte[] bytes) {
    return connected -> {
      connected.getOutputStream().write(bytes);
      return connected;
    };
  }

  private void run() {
    while (running) {
      Socket socket = new Socket();
      try {
        socket.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        held.addLast(opening.begin(socket));
        opened++;
        if (held.size() > CONNECTIONS) {
          held.removeFirst().close();
        }
      } catch (IOException e) {
        close(socket); // refused at once, or put out: tries again
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone
    }
  }

  @Override
  public void close() throws Exception {
    running = false;
    thread.join();
    held.forEach(Crowd::close);
  }
}
