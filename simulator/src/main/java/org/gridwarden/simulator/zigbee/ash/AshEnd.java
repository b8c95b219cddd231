package org.gridwarden.simulator.zigbee.ash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dongle's end of ASH: one frame in flight, acknowledged, asked for again where it was damaged,
 * sent again where nothing is heard of it, given up after some time, reset when the host says so.
 * Reads on a thread of its own. Thread-safe.
 */
public final class AshEnd implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AshEnd.class);
  private static final int SOFTWARE_RESET = 0x0B;
  private static final int ACK_TIMEOUT = 0x51;
  private static final long PATIENCE_MILLIS = 800;
  private static final int MOST_TIMEOUTS = 6;
  private static final int MOST_WAITING = 512;

  private final InputStream in;
  private final OutputStream out;
  private final Consumer<byte[]> received;
  private final Runnable reset;
  private final ScheduledExecutorService timer;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Thread reader;
  private boolean connected;
  private byte @Nullable [] inFlight;
  private int number;
  private int expected;
  private int timeouts;
  private boolean rejecting;
  private @Nullable ScheduledFuture<?> retry;
  private volatile boolean closed;

  /**
   * @param received takes what the host sent, one at a time
   * @param reset told whenever the host has reset the dongle
   */
  public AshEnd(InputStream in, OutputStream out, Consumer<byte[]> received, Runnable reset) {
    this.in = in;
    this.out = out;
    this.received = received;
    this.reset = reset;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("zigbee-ash-timer").daemon().unstarted(task));
    this.reader = Thread.ofPlatform().name("zigbee-ash").daemon().unstarted(this::read);
  }

  /** Listens. */
  public void start() {
    reader.start();
  }

  /** Frames that came damaged. */
  public long damaged() {
    return damaged.sum();
  }

  /** Frames that were not sent, since the host did not take them. */
  public long dropped() {
    return dropped.sum();
  }

  private void read() {
    byte[] frame = new byte[2 * AshFrame.LONGEST];
    int length = 0;
    boolean bad = false;
    byte[] some = new byte[512];
    try {
      while (!closed) {
        int count = in.read(some);
        if (count < 0) {
          return;
        }
        for (int i = 0; i < count; i++) {
          int value = some[i] & 0xFF;
          switch (value) {
            case AshFrame.CANCEL -> {
              length = 0;
              bad = false;
            }
            case AshFrame.FLAG -> {
              if (bad) {
                refuse();
              } else if (length > 0) {
                take(frame, length);
              }
              length = 0;
              bad = false;
            }
            case AshFrame.SUBSTITUTE -> bad = true;
            case AshFrame.XON, AshFrame.XOFF -> {
              // flow control is not used
            }
            default -> {
              if (length < frame.length) {
                frame[length++] = some[i];
              } else {
                bad = true;
              }
            }
          }
        }
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.debug("the model's serial line ended", e);
      }
    }
  }

  private void take(byte[] bytes, int length) {
    AshFrame frame = AshFrame.parse(bytes, length).orElse(null);
    if (frame == null) {
      refuse();
      return;
    }
    byte[] up = null;
    synchronized (this) {
      if (frame.isReset()) {
        restart();
      } else if (!connected) {
        return;
      } else if (frame.isNak()) {
        acknowledge(frame.next());
        if (inFlight != null) {
          write(AshFrame.data(number, expected, true, inFlight));
        }
      } else {
        acknowledge(frame.next());
        if (frame.isData()) {
          if (frame.number() == expected) {
            expected = expected + 1 & 7;
            rejecting = false;
            up = frame.data();
            write(AshFrame.ack(expected));
          } else if (frame.again()) {
            write(AshFrame.ack(expected));
          } else {
            reject();
          }
        }
        proceed();
      }
    }
    if (frame.isReset()) {
      reset.run();
    }
    if (up != null) {
      received.accept(up);
    }
  }

  private void refuse() {
    damaged.increment();
    synchronized (this) {
      if (connected) {
        reject();
      }
    }
  }

  private void reject() {
    if (!rejecting) {
      rejecting = true;
      write(AshFrame.nak(expected));
    }
  }

  private void restart() {
    stopTimer();
    waiting.clear();
    inFlight = null;
    number = 0;
    expected = 0;
    timeouts = 0;
    rejecting = false;
    connected = true;
    raw(new byte[] {AshFrame.CANCEL});
    write(AshFrame.resetDone(SOFTWARE_RESET));
  }

  /** The host has all that comes before this one. */
  private void acknowledge(int next) {
    if (inFlight != null && next == (number + 1 & 7)) {
      inFlight = null;
      number = next;
      timeouts = 0;
      stopTimer();
      proceed();
    }
  }

  /** Sends data to the host, when it is its turn; drops it where too much waits. */
  public synchronized void send(byte[] data) {
    if (!connected || waiting.size() >= MOST_WAITING) {
      dropped.increment();
      return;
    }
    waiting.add(data);
    proceed();
  }

  private void proceed() {
    if (connected && inFlight == null && !waiting.isEmpty()) {
      inFlight = waiting.poll();
      write(AshFrame.data(number, expected, false, inFlight));
      startTimer();
    }
  }

  private void startTimer() {
    stopTimer();
    retry = timer.schedule(this::unheard, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (retry != null) {
      retry.cancel(false);
      retry = null;
    }
  }

  private synchronized void unheard() {
    byte[] data = inFlight;
    if (!connected || data == null) {
      return;
    }
    if (++timeouts > MOST_TIMEOUTS) {
      connected = false;
      inFlight = null;
      waiting.clear();
      write(AshFrame.failed(ACK_TIMEOUT));
      return;
    }
    write(AshFrame.data(number, expected, true, data));
    startTimer();
  }

  private void write(AshFrame frame) {
    raw(frame.bytes());
  }

  private void raw(byte[] bytes) {
    try {
      out.write(bytes);
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
    timer.shutdownNow();
    for (AutoCloseable end : new AutoCloseable[] {in, out}) {
      try {
        end.close();
      } catch (Exception e) {
        LOG.debug("closing failed", e);
      }
    }
  }
}
