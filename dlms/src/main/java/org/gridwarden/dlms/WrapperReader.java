package org.gridwarden.dlms;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads wrapped APDUs one after another from a line (IEC 62056-47). What a header claims is not
 * allocated before it has come. One thread at a time.
 */
public final class WrapperReader {
  private static final int BUFFER = 1024;
  private static final int KEPT = 2 * BUFFER;

  private final ByteLine line;
  private final int maxApdu;
  private byte[] buf = new byte[BUFFER];
  private int head;
  private int tail;

  /**
   * @param maxApdu the longest APDU that is taken, in bytes, 1 to {@link Wrapper#MAX_APDU}
   */
  public WrapperReader(ByteLine line, int maxApdu) {
    Ranges.check(maxApdu, 1, Wrapper.MAX_APDU, "the greatest APDU");
    this.line = line;
    this.maxApdu = maxApdu;
  }

  /**
   * One APDU and between whom it goes.
   *
   * @param source the sender's wrapper port
   * @param destination the receiver's
   * @param apdu not copied: whoever takes it owns it; may be empty
   */
  @SuppressWarnings("ArrayRecordComponent") // stated above: ownership passes
  public record Wrapped(int source, int destination, byte[] apdu) {}

  /**
   * The next one. What came of it stays where its rest does not come in time.
   *
   * @param patience how long to wait for the whole of it
   * @throws SocketTimeoutException where none came in time
   * @throws EOFException where the peer has closed the way
   * @throws DlmsException where what comes is no wrapper, or too long
   */
  public Wrapped next(Duration patience) throws IOException, DlmsException {
    return next(System.nanoTime() + patience.toNanos(), false);
  }

  /** The same; where none comes in time the line may be closed. */
  public Wrapped nextOrClose(Duration patience) throws IOException, DlmsException {
    return next(System.nanoTime() + patience.toNanos(), true);
  }

  private Wrapped next(long until, boolean orClose) throws IOException, DlmsException {
    fill(Wrapper.HEADER, until, orClose);
    if (word(0) != 1) {
      throw DlmsException.malformed(0, "the peer sends no wrapper: version " + word(0));
    }
    int length = word(6);
    if (length > maxApdu) {
      throw DlmsException.malformed(
          6, "an APDU of " + length + " bytes comes, and " + maxApdu + " are allowed");
    }
    fill(Wrapper.HEADER + length, until, orClose);
    int from = head + Wrapper.HEADER;
    Wrapped wrapped = new Wrapped(word(2), word(4), Arrays.copyOfRange(buf, from, from + length));
    head = from + length;
    if (head == tail) {
      head = 0;
      tail = 0;
      // that of an ordinary answer stays; there are thousands of connections
      if (buf.length > KEPT) {
        buf = new byte[BUFFER];
      }
    }
    return wrapped;
  }

  /** Until so many bytes are there. */
  private void fill(int wanted, long until, boolean orClose) throws IOException {
    if (head > 0 && head + wanted > buf.length) {
      System.arraycopy(buf, head, buf, 0, tail - head);
      tail -= head;
      head = 0;
    }
    while (tail - head < wanted) {
      if (tail == buf.length) {
        // as much again as came, not as much as was claimed
        buf = Arrays.copyOf(buf, Math.min(2 * buf.length, Wrapper.HEADER + Wrapper.MAX_APDU));
      }
      long left = until - System.nanoTime();
      int count = left <= 0 ? 0 : read(Duration.ofNanos(left), orClose);
      if (count < 0) {
        throw new EOFException("the peer closed the connection");
      }
      if (count == 0 && until - System.nanoTime() <= 0) {
        throw new SocketTimeoutException("the peer sent no whole APDU in time");
      }
      tail += count;
    }
  }

  private int read(Duration patience, boolean orClose) throws IOException {
    return orClose
        ? line.readOrClose(buf, tail, buf.length - tail, patience)
        : line.read(buf, tail, buf.length - tail, patience);
  }

  private int word(int at) {
    return (buf[head + at] & 0xFF) << 8 | (buf[head + at + 1] & 0xFF);
  }
}
