package org.gridwarden.server.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Breaks off where no line ends for too long: a line is kept in memory until it ends. */
final class BoundedInput extends FilterInputStream {
  private static final int LONGEST = 16 * ConsoleLines.LONGEST;

  private int sinceEnd;

  BoundedInput(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b);
    return b;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = super.read(into, offset, length);
    for (int i = 0; i < read; i++) {
      count(into[offset + i]);
    }
    return read;
  }

  private void count(int b) throws IOException {
    sinceEnd = b == '\n' || b == '\r' || b == 3 ? 0 : sinceEnd + 1;
    if (sinceEnd > LONGEST) {
      throw new IOException("a line has at most " + ConsoleLines.LONGEST + " characters");
    }
  }
}
