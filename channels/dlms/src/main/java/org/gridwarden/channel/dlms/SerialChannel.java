package org.gridwarden.channel.dlms;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkInfo;

/**
 * Reads a meter's customer port on a serial line. Such ports have no way back, so nothing is
 * confirmed. Where the device goes away it is opened again. Thread-safe.
 */
final class SerialChannel extends ReceivingChannel {
  private static final int READ_MILLIS = 200;
  private static final int BUFFER = 1024;

  /** A line that is silent for so long has ended its frame, whole or not. */
  private static final long SILENCE = Duration.ofSeconds(2).toNanos();

  private static final long REOPEN = Duration.ofSeconds(3).toNanos();

  private final DlmsSettings.SerialLine line;
  private final DlmsSettings.Limits limits;
  private final Common common;
  private final ChannelId id;
  private final Semaphore allowance;
  private final Peer peer = new Line();
  private volatile Optional<Thread> reader = Optional.empty();
  private volatile boolean open;
  private volatile boolean closed;

  SerialChannel(DlmsSettings.SerialLine line, Common common) {
    this.line = line;
    this.common = common;
    this.limits = common.limits();
    this.allowance = new Semaphore(limits.inFlight());
    Path name = Path.of(line.device()).getFileName();
    this.id = new ChannelId("dlms", "serial-" + (name == null ? line.device() : name.toString()));
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) throws ChannelException {
    SerialPort port = open();
    PushHandler handler = common.handler(host, this::id, tally);
    Thread thread =
        Thread.ofPlatform()
            .name("dlms-" + id.instance())
            .daemon()
            .unstarted(() -> run(port, handler));
    reader = Optional.of(thread);
    thread.start();
  }

  private SerialPort open() throws ChannelException {
    String where = "channels.dlms.serial, " + line.device();
    SerialPort port;
    try {
      port = SerialPort.getCommPort(line.device());
    } catch (SerialPortInvalidPortException e) {
      throw cannotOpen(where, "there is no such device; give its path", e);
    }
    int parity =
        switch (line.parity()) {
          case NONE -> SerialPort.NO_PARITY;
          case EVEN -> SerialPort.EVEN_PARITY;
          case ODD -> SerialPort.ODD_PARITY;
        };
    port.setComPortParameters(line.speed(), 8, SerialPort.ONE_STOP_BIT, parity);
    port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_MILLIS, 0);
    // the library's last error code says nothing: it is 25 on a pseudo-terminal that is open
    if (!port.openPort()) {
      throw cannotOpen(
          where,
          "the device cannot be opened: is it there, free, and readable for this user?",
          new java.io.IOException("open failed, code " + port.getLastErrorCode()));
    }
    open = true;
    return port;
  }

  private void run(SerialPort first, PushHandler handler) {
    SerialPort port = first;
    while (!closed) {
      try {
        read(port, handler);
      } catch (InterruptedException e) {
        break;
      } catch (RuntimeException e) {
        tally.fault(Tally.What.FAILED, line.device(), "reading failed: " + e);
      } finally {
        port.closePort();
        open = false;
      }
      if (!closed) {
        LockSupport.parkNanos(REOPEN);
        try {
          port = open();
        } catch (ChannelException e) {
          tally.fault(Tally.What.FAILED, line.device(), e.fault().remedy());
        }
      }
    }
    port.closePort();
  }

  /** Returns where the device has gone. */
  private void read(SerialPort port, PushHandler handler) throws InterruptedException {
    LinkDecoder decoder = line.link().decoder(limits.maxApdu());
    byte[] bytes = new byte[BUFFER];
    long last = System.nanoTime();
    while (!closed && open) {
      int length = port.readBytes(bytes, bytes.length);
      if (length < 0) {
        return;
      }
      long now = System.nanoTime();
      if (length > 0) {
        last = now;
        decoder.feed(ByteBuffer.wrap(bytes, 0, length));
      } else if (now - last > SILENCE && !decoder.isIdle()) {
        decoder.finish();
      }
      handler.takeAll(decoder, line.meter(), peer);
    }
  }

  /** The line's far end. */
  private final class Line implements Peer {
    @Override
    public String name() {
      return line.device();
    }

    @Override
    public boolean proven(MeterId meter, LinkInfo link) {
      return true;
    }

    @Override
    public void begin() throws InterruptedException {
      allowance.acquire();
    }

    @Override
    public void end() {
      allowance.release();
    }

    @Override
    public boolean answers(LinkInfo link) {
      return false;
    }

    @Override
    public void reply(LinkInfo link, byte[] apdu) {
      // a customer port has no way back
    }
  }

  @Override
  public Health health() {
    return open && !closed
        ? new Health(Health.State.UP, line.device() + ", " + tally.line())
        : new Health(Health.State.DOWN, line.device() + " is not open, " + tally.line());
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (reader.isPresent()) {
        reader.get().join(Duration.ofSeconds(2));
      }
      if (!allowance.tryAcquire(limits.inFlight(), 5, TimeUnit.SECONDS)) {
        tally.fault(Tally.What.FAILED, line.device(), "closed with pushes unanswered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
