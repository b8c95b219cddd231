package org.gridwarden.exchange.xml;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends with an exception where more is read than allowed. */
final class CountedInput extends FilterInputStream {
  private long left;
  private boolean exceeded;

  CountedInput(InputStream in, long most) {
    super(in);
    this.left = most;
  }

  /** Whether that was why reading ended. */
  boolean exceeded() {
    return exceeded;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = in.read(into, from, length);
    count(Math.max(0, n));
    return n;
  }

  /** The parser closes what it has read to its end; the stream is its giver's. */
  @Override
  public void close() {}

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int n) throws IOException {
    left -= n;
    if (left < 0) {
      exceeded = true;
      throw new IOException("too long");
    }
  }
}
