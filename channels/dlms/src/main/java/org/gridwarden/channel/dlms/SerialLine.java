package org.gridwarden.channel.dlms;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.dlms.ByteLine;

/**
 * A serial port as a line for HDLC, wrapper and mode E. Reads and writes block the thread that
 * calls: a platform thread should. One thread at a time, but for {@link #close}.
 */
public final class SerialLine implements ByteLine {
  /** A port has its timeout set before each read: shorter ones are waited for as this. */
  private static final int LEAST_MILLIS = 1;

  /** A close must be noticed: longer waits are several. */
  private static final int MOST_MILLIS = 200;

  /** How long what was written may take to leave: a hundred characters at 300 baud. */
  private static final long DRAIN = Duration.ofSeconds(4).toNanos();

  private static final long SHORT = Duration.ofMillis(5).toNanos();

  private final SerialPort port;
  private volatile boolean closed;

  private SerialLine(SerialPort port) {
    this.port = port;
  }

  /**
   * Opens a device.
   *
   * @param device its path, {@code /dev/ttyUSB0}, or its name on Windows, {@code COM3}
   * @param baud 300 to 115,200
   * @throws IOException where it is not there, taken, or not this user's
   */
  public static SerialLine open(String device, int baud, Format format) throws IOException {
    SerialPort port;
    try {
      port = SerialPort.getCommPort(device);
    } catch (SerialPortInvalidPortException e) {
      throw new IOException("there is no serial device " + device + "; give its path", e);
    }
    set(port, baud, format);
    port.setComPortTimeouts(
        SerialPort.TIMEOUT_READ_SEMI_BLOCKING | SerialPort.TIMEOUT_WRITE_BLOCKING, MOST_MILLIS, 0);
    // the library's last error code says nothing: it is 25 on a pseudo-terminal that is open
    if (!port.openPort()) {
      throw new IOException(
          "serial device "
              + device
              + " cannot be opened: is it there, free, and readable and writable for this user?");
    }
    return new SerialLine(port);
  }

  private static void set(SerialPort port, int baud, Format format) {
    switch (format) {
      case SEVEN_EVEN ->
          port.setComPortParameters(baud, 7, SerialPort.ONE_STOP_BIT, SerialPort.EVEN_PARITY);
      case EIGHT_NONE ->
          port.setComPortParameters(baud, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    }
  }

  @Override
  public int read(byte[] into, int from, int length, Duration patience) throws IOException {
    if (!patience.isPositive()) {
      int there = port.bytesAvailable();
      if (there < 0) {
        return ended();
      }
      return there == 0 ? 0 : taken(into, from, Math.min(there, length));
    }
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      long left = until - System.nanoTime();
      if (closed) {
        return -1;
      }
      if (left <= 0) {
        return 0;
      }
      int millis = Math.clamp((left + 999_999) / 1_000_000, LEAST_MILLIS, MOST_MILLIS);
      if (port.getReadTimeout() != millis) {
        port.setComPortTimeouts(
            SerialPort.TIMEOUT_READ_SEMI_BLOCKING | SerialPort.TIMEOUT_WRITE_BLOCKING, millis, 0);
      }
      int count = taken(into, from, length);
      if (count != 0) {
        return count;
      }
    }
  }

  private int taken(byte[] into, int from, int length) throws IOException {
    int count = port.readBytes(into, length, from);
    return count < 0 ? ended() : count;
  }

  /** A port that was closed here has ended; one that goes away by itself is a fault. */
  private int ended() throws IOException {
    if (closed) {
      return -1;
    }
    throw new IOException("serial device " + port.getSystemPortPath() + " has gone");
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int count = closed ? -1 : port.writeBytes(bytes, bytes.length - at, at);
      if (count <= 0) {
        throw new IOException("serial device " + port.getSystemPortPath() + " takes no more");
      }
      at += count;
    }
  }

  @Override
  public void configure(int baud, Format format) throws IOException {
    // what was written must have left at the old speed
    long until = System.nanoTime() + DRAIN;
    while (!closed && port.bytesAwaitingWrite() > 0 && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(SHORT);
    }
    if (closed) {
      throw new IOException("serial device " + port.getSystemPortPath() + " is closed");
    }
    set(port, baud, format);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      port.closePort();
    }
  }
}
