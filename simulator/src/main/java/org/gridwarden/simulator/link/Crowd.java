package org.gridwarden.simulator.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An attacker at {@value #ADDRESS} (control C40): holds {@value #CONNECTIONS} connections that say
 * little and then fall silent, and opens others as they are closed, for as long as it lives. For
 * tests on one's own head-end. One thread.
 */
public final class Crowd implements AutoCloseable {
  /** So many it holds. */
  public static final int CONNECTIONS = 1_500;

  /** Where they come from. */
  public static final String ADDRESS = "127.0.0.66";

  private final Deque<Socket> held = new ArrayDeque<>();
  private final Thread thread;
  private final int port;
  private final Opening opening;
  private volatile boolean running = true;
  private final AtomicInteger opened = new AtomicInteger();

  /** What it does with a connection before it falls silent. */
  public interface Opening {
    /**
     * Does it.
     *
     * @return what is to be held
     */
    Socket begin(Socket connected) throws IOException;
  }

  /**
   * Begins.
   *
   * @param port of 127.0.0.1
   */
  public Crowd(int port, Opening opening) {
    this.port = port;
    this.opening = opening;
    this.thread = Thread.ofPlatform().name("crowd").start(this::run);
  }

  /** One that says some bytes. */
  public static Opening saying(byte[] bytes) {
    return connected -> {
      connected.getOutputStream().write(bytes);
      return connected;
    };
  }

  /** Whether it has opened as many as it can hold, whatever became of them. */
  public boolean isThere() {
    return opened.get() >= CONNECTIONS;
  }

  private void run() {
    while (running) {
      Socket socket = new Socket();
      try {
        socket.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        held.addLast(opening.begin(socket));
        opened.incrementAndGet();
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
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    held.forEach(Crowd::close);
  }
}
