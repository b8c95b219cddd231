package org.gridwarden.dlms;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * A line that carries bytes both ways: a serial port, a TCP connection. Keeps no boundaries; may
 * lose, damage or add bytes where the medium does. One thread at a time, but for {@link #close}.
 */
public interface ByteLine extends Closeable {
  /** How a character is sent. */
  enum Format {
    /** Seven data bits, even parity, one stop bit: IEC 62056-21 before its mode E. */
    SEVEN_EVEN,
    /** Eight data bits, no parity, one stop bit: HDLC. */
    EIGHT_NONE
  }

  /**
   * Reads what is there, at least one byte, and waits where there is none.
   *
   * @param length at least 1
   * @param patience how long to wait; zero: not at all
   * @return how many bytes; 0 where none came in time; -1 where the line has ended
   */
  int read(byte[] into, int from, int length, Duration patience) throws IOException;

  /**
   * The same for a caller to whom the line is of no use any more where nothing comes in time: it
   * may be closed then. For a line that costs much to wait on, this costs less.
   */
  default int readOrClose(byte[] into, int from, int length, Duration patience) throws IOException {
    return read(into, from, length, patience);
  }

  /**
   * Writes all of it.
   *
   * @throws IOException also where the line takes nothing for too long
   */
  void write(byte[] bytes) throws IOException;

  /**
   * Changes speed and format once all that was written has left. A line that has none does nothing.
   *
   * @param baud 300 to 115,200
   */
  default void configure(int baud, Format format) throws IOException {}

  /** Closes the line; again does nothing. A thread that reads or writes then is woken. */
  @Override
  void close() throws IOException;
}
