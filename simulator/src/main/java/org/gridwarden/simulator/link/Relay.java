package org.gridwarden.simulator.link;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network between two that speak TCP, on loopback: it can lose what is said either way, cut what
 * stands, and be away. Thread-safe.
 */
public final class Relay implements AutoCloseable {
  private final InetSocketAddress to;
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile boolean losesBack;
  private volatile boolean losesForth;
  private volatile boolean away;

  /**
   * Listens on a free port.
   *
   * @param port of whoever is to be reached through it
   * @throws IOException where no port can be had
   */
  public Relay(int port) throws IOException {
    to = new InetSocketAddress("127.0.0.1", port);
    server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  /** Its own port. */
  public int port() {
    return server.getLocalPort();
  }

  /** A connection through it. */
  public Socket socket() throws IOException {
    return new Socket("127.0.0.1", port());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket in = server.accept();
        if (away) {
          in.close();
          continue;
        }
        Socket out = new Socket();
        out.connect(to);
        open.add(in);
        open.add(out);
        Thread.ofVirtual().start(() -> pump(in, out, false));
        Thread.ofVirtual().start(() -> pump(out, in, true));
      } catch (IOException e) {
        // it is closed, or nobody listens behind it
      }
    }
  }

  private void pump(Socket from, Socket to, boolean back) {
    byte[] bytes = new byte[8 * 1024];
    try {
      InputStream in = from.getInputStream();
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        if (back ? !losesBack : !losesForth) {
          to.getOutputStream().write(bytes, 0, length);
        }
      }
    } catch (IOException e) {
      // one end has gone
    } finally {
      close(from);
      close(to);
    }
  }

  /** From now on what goes back to whoever called is lost. */
  public void loseAnswers() {
    losesBack = true;
  }

  /** From now on what whoever called says is lost. */
  public void loseCalls() {
    losesForth = true;
  }

  /** What stands is cut; the next one passes whole. */
  public void cut() {
    open.forEach(Relay::close);
    open.clear();
    losesBack = false;
    losesForth = false;
  }

  /** The network is away, and everything with it. */
  public void away() {
    away = true;
    cut();
  }

  /** And there again. */
  public void back() {
    away = false;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed either way
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
