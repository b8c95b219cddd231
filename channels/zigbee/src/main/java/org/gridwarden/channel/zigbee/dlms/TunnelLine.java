package org.gridwarden.channel.zigbee.dlms;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.dlms.ByteLine;

/**
 * A tunnel as a line of bytes: what is written goes in pieces, each acknowledged before the next
 * one; what comes is kept until it is read. A piece that comes again has its number again, and
 * counts once. What comes may be brought by another thread than reads.
 */
public final class TunnelLine implements ByteLine {
  /** What fits into a frame under both keys, less the headers. */
  public static final int PIECE = 64;

  /** What waits to be read at most: a meter that sends without end is cut off. */
  private static final int MOST = 256 * 1024;

  private final Way way;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> coming = new ArrayDeque<>();
  private int waiting;
  private int lastNumber = -1;
  private int number;
  private boolean closed;

  /** How pieces reach the meter. */
  public interface Way {
    /**
     * Sends a piece, and waits until it has arrived.
     *
     * @param number one after the other, 0 to 255, and round
     * @return false where the meter does not answer
     */
    boolean send(int number, byte[] piece) throws InterruptedException;

    /** The tunnel is of no use any more. */
    void close();
  }

  public TunnelLine(Way way) {
    this.way = way;
  }

  /** A piece has come. */
  public void came(int its, byte[] piece) {
    lock.lock();
    try {
      if (closed || its == lastNumber || piece.length == 0) {
        return;
      }
      lastNumber = its;
      waiting += piece.length;
      if (waiting > MOST) {
        closed = true;
      } else {
        coming.add(piece);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(byte[] into, int from, int length, Duration patience) throws IOException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (coming.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      byte[] first = coming.poll();
      if (first == null) {
        return closed ? -1 : 0;
      }
      int count = Math.min(length, first.length);
      System.arraycopy(first, 0, into, from, count);
      waiting -= count;
      if (count < first.length) {
        coming.addFirst(Arrays.copyOfRange(first, count, first.length));
      }
      return count;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the reading was given up");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += PIECE) {
      number = number + 1 & 0xFF;
      try {
        if (isClosed()
            || !way.send(
                number, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE)))) {
          close();
          throw new IOException("the meter does not answer through its tunnel");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the sending was given up");
      }
    }
  }

  /** Whether it is of no use any more. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    way.close();
  }
}
