package org.gridwarden.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;

/** A request's body that ends with an exception where it is longer than allowed. */
final class LimitedBody extends FilterInputStream {
  private final long most;
  private long left;

  /** The body was too large. */
  static final class TooLargeException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final long most;

    private TooLargeException(long most) {
      super("a body of more than " + most + " bytes");
      this.most = most;
    }

    /** In bytes. */
    long most() {
      return most;
    }
  }

  LimitedBody(InputStream in, long most) {
    super(in);
    this.most = most;
    this.left = most;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      count(1);
    }
    return b;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = super.read(into, from, length);
    if (n > 0) {
      count(n);
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = super.skip(n);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long n) throws IOException {
    left -= n;
    if (left < 0) {
      throw new TooLargeException(most);
    }
  }
}
