package org.gridwarden.simulator.zigbee.xbee;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The module's end of a serial line. Reads on a thread of its own. Thread-safe. */
public final class ApiEnd implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiEnd.class);

  private final InputStream in;
  private final OutputStream out;
  private final Consumer<byte[]> received;
  private volatile boolean closed;

  /**
   * @param received takes frames' data, one at a time
   */
  public ApiEnd(InputStream in, OutputStream out, Consumer<byte[]> received) {
    this.in = in;
    this.out = out;
    this.received = received;
  }

  /** Listens. */
  public void start() {
    Thread.ofPlatform().name("zigbee-xbee").daemon().start(this::read);
  }

  private void read() {
    ApiFrames frames = new ApiFrames();
    byte[] some = new byte[512];
    try {
      while (!closed) {
        int count = in.read(some);
        if (count < 0) {
          return;
        }
        for (int i = 0; i < count; i++) {
          frames.take(some[i] & 0xFF).ifPresent(received);
        }
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.debug("the model's serial line ended", e);
      }
    }
  }

  /** Sends a frame. */
  public synchronized void send(byte[] data) {
    try {
      out.write(ApiFrames.bytes(data));
      out.flush();
    } catch (IOException e) {
      if (!closed) {
        LOG.debug("the model's serial line takes no more", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (AutoCloseable end : new AutoCloseable[] {in, out}) {
      try {
        end.close();
      } catch (Exception e) {
        LOG.debug("closing failed", e);
      }
    }
  }
}
