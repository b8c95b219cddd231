package org.gridwarden.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP connection as a line. Where the peer takes nothing of what is written for 30 seconds the
 * connection is closed: a write has no timeout of its own, and a hostile peer could hold its thread
 * for ever (C39).
 */
public final class TcpLine implements ByteLine {
  private static final long STALLED = TimeUnit.SECONDS.toNanos(30);
  private static final long WATCH = TimeUnit.SECONDS.toNanos(1);
  private static final int CHUNK = 16 * 1024;

  /** Those that write just now. */
  private static final Set<TcpLine> WRITING = ConcurrentHashMap.newKeySet();

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private volatile long since;

  /** Has the watching thread begun? Started with the first line, once. */
  private static final class Watch {
    static final Thread THREAD =
        Thread.ofPlatform().name("dlms-tcp-watch").daemon().start(TcpLine::watch);

    private Watch() {}
  }

  /**
   * @param socket connected; closed with this
   */
  public TcpLine(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    socket.setTcpNoDelay(true);
    if (!Watch.THREAD.isAlive()) {
      throw new IOException("the thread that watches over writes has ended");
    }
  }

  /** Connects. */
  public static TcpLine connect(InetSocketAddress peer, Duration patience) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(peer, Math.max(1, Math.toIntExact(patience.toMillis())));
      return new TcpLine(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void watch() {
    while (true) {
      LockSupport.parkNanos(WATCH);
      long now = System.nanoTime();
      for (TcpLine line : WRITING) {
        if (now - line.since > STALLED) {
          line.give();
        }
      }
    }
  }

  private void give() {
    try {
      socket.close();
    } catch (IOException e) {
      // the writing thread hears of it either way
    }
  }

  @Override
  public int read(byte[] into, int from, int length, Duration patience) throws IOException {
    if (!patience.isPositive()) {
      int there = in.available();
      return there > 0 ? in.read(into, from, Math.min(there, length)) : 0;
    }
    // rounded up: a wait of zero would be without end
    long millis = Math.min((patience.toNanos() + 999_999) / 1_000_000, Integer.MAX_VALUE);
    socket.setSoTimeout((int) millis);
    try {
      return in.read(into, from, length);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    since = System.nanoTime();
    WRITING.add(this);
    try {
      for (int at = 0; at < bytes.length; at += CHUNK) {
        out.write(bytes, at, Math.min(CHUNK, bytes.length - at));
        since = System.nanoTime();
      }
    } finally {
      WRITING.remove(this);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
