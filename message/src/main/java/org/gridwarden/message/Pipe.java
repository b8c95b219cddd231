package org.gridwarden.message;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.core.TransportSecurity;

/**
 * A connection with its way out: what is to be written waits in a bounded queue for a thread of its
 * own, so that who learns of a commit never waits for a client that does not read. Thread-safe; one
 * thread reads.
 */
public final class Pipe {
  /** So many bytes may wait; a client that reads none of them is cut off. */
  private static final int MOST_WAITING = 256 << 10;

  private static final int MOST_UNREAD = 64 << 10;

  private final String name;
  private final Socket raw;
  private final Optional<TransportSecurity.Secured> tls;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean writing;
  private boolean ending;
  private boolean closed;

  /**
   * @param name of the thread that writes, such as mqtt-out
   * @param tls under which it is, where it is
   */
  public Pipe(String name, Socket raw, Optional<TransportSecurity.Secured> tls) {
    this.name = name;
    this.raw = raw;
    this.tls = tls;
  }

  /** Shakes hands, where that is to be done; empty without TLS, or where nothing is shown. */
  public Optional<TransportPeer> shakeHands(Duration within) throws IOException {
    return tls.isPresent() ? tls.get().handshake(within) : Optional.empty();
  }

  /** What is read from. */
  public Socket socket() {
    return tls.map(TransportSecurity.Secured::socket).orElse(raw);
  }

  /** Queues bytes; what was queued before goes first. */
  public synchronized void write(byte[] packet) {
    if (closed || ending) {
      return;
    }
    if (bytes + packet.length > MOST_WAITING) {
      abort();
      return;
    }
    waiting.add(packet);
    bytes += packet.length;
    if (!writing) {
      writing = true;
      Thread.ofVirtual().name(name).start(this::drain);
    }
  }

  private void drain() {
    try {
      OutputStream out = socket().getOutputStream();
      for (Optional<byte[]> next = next(); next.isPresent(); next = next()) {
        out.write(next.get());
      }
    } catch (IOException e) {
      abort();
    }
  }

  /** All that waits, as one; empty where nothing does, and then nobody writes any more. */
  private synchronized Optional<byte[]> next() {
    if (waiting.isEmpty() || closed) {
      writing = false;
      notifyAll();
      return Optional.empty();
    }
    byte[] all = new byte[bytes];
    int at = 0;
    for (byte[] packet : waiting) {
      System.arraycopy(packet, 0, all, at, packet.length);
      at += packet.length;
    }
    waiting.clear();
    bytes = 0;
    return Optional.of(all);
  }

  /** Nothing more is read; what is under way can be answered. */
  public void stopReading() {
    try {
      raw.shutdownInput();
    } catch (IOException e) {
      abort();
    }
  }

  /**
   * Closes once what waits is written, or the time is over.
   *
   * @param unread whether something may lie there unread: it is read and thrown away for a moment,
   *     since a reset would take the last answer with it
   */
  public void close(Duration within, boolean unread) {
    long end = System.nanoTime() + within.toNanos();
    synchronized (this) {
      ending = true;
      try {
        for (long left = within.toMillis();
            writing && !closed && left > 0;
            left = (end - System.nanoTime()) / 1_000_000) {
          wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (unread) {
      throwAway(end);
    }
    tls.ifPresent(TransportSecurity.Secured::close);
    abort();
  }

  private void throwAway(long end) {
    try {
      raw.shutdownOutput();
      byte[] bytes = new byte[4 << 10];
      for (int left = MOST_UNREAD; left > 0; ) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          return;
        }
        raw.setSoTimeout((int) millis);
        int length = raw.getInputStream().read(bytes);
        if (length < 0) {
          return;
        }
        left -= length;
      }
    } catch (IOException e) {
      // it has gone, or has nothing more to say
    }
  }

  /** Closes at once. */
  public void abort() {
    synchronized (this) {
      closed = true;
      waiting.clear();
      notifyAll();
    }
    try {
      raw.close();
    } catch (IOException e) {
      // it is closed all the same
    }
  }
}
