package org.gridwarden.dlms;

import java.io.Closeable;
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
 *
 * <p>One thread watches over all lines. A read with a timeout of its own makes a virtual thread set
 * and drop an alarm each time, which costs more than all the rest of a question and its answer;
 * {@link #readOrClose} leaves the watching thread to close the line instead.
 */
public final class TcpLine implements ByteLine {
  private static final long STALLED = TimeUnit.SECONDS.toNanos(30);
  private static final long WATCH = TimeUnit.MILLISECONDS.toNanos(100);

  /** Whoever waits for less wants it more exactly than the watching thread looks. */
  private static final long COARSE = TimeUnit.SECONDS.toNanos(1);

  private static final int CHUNK = 16 * 1024;

  /** Those that are open. */
  private static final Set<TcpLine> LINES = ConcurrentHashMap.newKeySet();

  private static final long NEVER = 0;

  private final Socket socket;
  private final Closeable closer;
  private final InputStream in;
  private final OutputStream out;

  /** When the line is closed if what goes on has not ended by then; {@link #NEVER} between. */
  private volatile long readUntil;

  private volatile long writeUntil;
  private volatile boolean expired;
  private boolean timed;

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
    this(socket, socket);
  }

  /**
   * The same where closing takes more than closing the socket, for TLS say.
   *
   * @param closer must not wait for the peer
   */
  public TcpLine(Socket socket, Closeable closer) throws IOException {
    this.socket = socket;
    this.closer = closer;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
    socket.setTcpNoDelay(true);
    if (!Watch.THREAD.isAlive()) {
      throw new IOException("the thread that watches over connections has ended");
    }
    LINES.add(this);
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
      for (TcpLine line : LINES) {
        if (over(line.readUntil, now) || over(line.writeUntil, now)) {
          line.expired = true;
          line.give();
        }
      }
    }
  }

  private static boolean over(long until, long now) {
    return until != NEVER && now - until > 0;
  }

  /** So long from now; never {@link #NEVER}. */
  private static long after(long nanos) {
    return (System.nanoTime() + nanos) | 1;
  }

  private void give() {
    try {
      close();
    } catch (IOException e) {
      // the thread that reads or writes hears of it either way
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
    timed = true;
    try {
      return in.read(into, from, length);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  /** Waits up to a tenth of a second longer, where it waits for a second or more. */
  @Override
  public int readOrClose(byte[] into, int from, int length, Duration patience) throws IOException {
    long nanos = patience.toNanos();
    if (nanos < COARSE) {
      return read(into, from, length, patience);
    }
    if (timed) {
      socket.setSoTimeout(0);
      timed = false;
    }
    readUntil = after(nanos);
    try {
      return in.read(into, from, length);
    } catch (IOException e) {
      if (expired) {
        return 0;
      }
      throw e;
    } finally {
      readUntil = NEVER;
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    try {
      for (int at = 0; at < bytes.length; at += CHUNK) {
        writeUntil = after(STALLED);
        out.write(bytes, at, Math.min(CHUNK, bytes.length - at));
      }
    } finally {
      writeUntil = NEVER;
    }
  }

  @Override
  public void close() throws IOException {
    LINES.remove(this);
    closer.close();
  }
}
