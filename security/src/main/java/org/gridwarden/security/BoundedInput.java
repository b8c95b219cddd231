package org.gridwarden.security;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Ends with an exception where too much comes: in all, or since the reader last got anywhere. Tells
 * its own limits from the source's failures, which come through.
 */
final class BoundedInput extends FilterInputStream {
  /** No single token of a shipment is this long, whatever a parser gathers before it reports. */
  private static final long STRIDE = 256 << 10;

  private final long max;
  private long left;
  private long stride = STRIDE;
  private boolean failed;

  BoundedInput(InputStream in, long max) {
    super(in);
    this.max = max;
    this.left = max;
  }

  /** The reader got a whole token. */
  void progress() {
    stride = STRIDE;
  }

  /** Whether the source itself failed. */
  boolean failed() {
    return failed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      throw new TooLong("the file is longer than " + max + " bytes; split it");
    }
    if (stride <= 0) {
      throw new TooLong("a field, tag or comment is far too long");
    }
    int got;
    try {
      got = super.read(into, offset, (int) Math.min(length, left));
    } catch (IOException e) {
      failed = true;
      throw e;
    }
    if (got > 0) {
      left -= got;
      stride -= got;
    }
    return got;
  }

  /** A limit was met. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(String message) {
      super(message);
    }
  }
}
