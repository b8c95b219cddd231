package org.gridwarden.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between meters and their office, counts what goes to the meters, and cuts one connection
 * in the middle: the first that has brought its meter so many bytes.
 */
final class CutLine implements AutoCloseable {
  private final ServerSocket listening;
  private final InetSocketAddress office;
  private final AtomicLong cutAfter;
  private final AtomicLong down = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  CutLine(InetSocketAddress office, long cutAfter) throws IOException {
    this.office = office;
    this.cutAfter = new AtomicLong(cutAfter);
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /** How many bytes went to the meters. */
  long down() {
    return down.get();
  }

  long cuts() {
    return cuts.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket meter = listening.accept();
        Socket head = new Socket(office.getAddress(), office.getPort());
        open.add(meter);
        open.add(head);
        Thread.ofVirtual().start(() -> pass(meter, head, false));
        Thread.ofVirtual().start(() -> pass(head, meter, true));
      } catch (IOException e) {
        // closed, or one went away
      }
    }
  }

  private void pass(Socket from, Socket to, boolean counted) {
    byte[] bytes = new byte[4_096];
    long passed = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        to.getOutputStream().write(bytes, 0, n);
        if (counted) {
          down.addAndGet(n);
          passed += n;
          long limit = cutAfter.get();
          if (passed > limit && cutAfter.compareAndSet(limit, Long.MAX_VALUE)) {
            cuts.incrementAndGet();
            return;
          }
        }
      }
    } catch (IOException e) {
      // one side went away: so does the other
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
