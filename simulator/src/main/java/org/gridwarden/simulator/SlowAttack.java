package org.gridwarden.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A hostile neighbour (control C40): opens many connections from one address and keeps them open,
 * half of them idle, half sending a wrapper frame a byte at a time, so that each looks alive and
 * none ever says anything. What the head-end closes is opened again. For tests on one's own
 * head-end. One thread; thread-safe.
 */
public final class SlowAttack implements AutoCloseable {
  /** A wrapper header that announces 4,096 bytes. */
  private static final byte[] BAIT = {0, 1, 0, 1, 0, 1, 0x10, 0};

  private static final int TICK_MILLIS = 200;
  private static final int CONNECTS_A_TICK = 2_000;

  private final InetSocketAddress headEnd;
  private final InetAddress from;
  private final int connections;
  private final Selector selector;
  private final Thread thread;
  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder opened = new LongAdder();
  private final LongAdder closedByHeadEnd = new LongAdder();
  private volatile boolean running = true;

  /** One connection: how much of the bait it has sent. */
  private static final class Crawl {
    private final boolean slow;
    private int sent;

    Crawl(boolean slow) {
      this.slow = slow;
    }
  }

  private SlowAttack(InetSocketAddress headEnd, InetAddress from, int connections)
      throws IOException {
    this.headEnd = headEnd;
    this.from = from;
    this.connections = connections;
    this.selector = Selector.open();
    this.thread = Thread.ofPlatform().name("slow-attack").daemon().start(this::run);
  }

  /**
   * Begins.
   *
   * @param from the one address that all connections come from
   * @param connections how many to hold open; the process needs as many file descriptors
   * @throws IOException where no selector can be had
   */
  public static SlowAttack start(InetSocketAddress headEnd, InetAddress from, int connections)
      throws IOException {
    return new SlowAttack(headEnd, from, connections);
  }

  /** How many connections stand open now, as far as this end knows. */
  public int open() {
    return open.get();
  }

  /** How many were opened so far. */
  public long opened() {
    return opened.sum();
  }

  /** How many the head-end closed. */
  public long closedByHeadEnd() {
    return closedByHeadEnd.sum();
  }

  @Override
  public void close() throws IOException {
    running = false;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void run() {
    try {
      while (running) {
        int missing = Math.min(connections - selector.keys().size(), CONNECTS_A_TICK);
        for (int i = 0; i < missing; i++) {
          connect(i % 2 == 0);
        }
        long end = System.nanoTime() + TICK_MILLIS * 1_000_000L;
        for (long left = TICK_MILLIS; running && left > 0; ) {
          selector.select(this::ready, left);
          left = (end - System.nanoTime()) / 1_000_000;
        }
        for (SelectionKey key : selector.keys()) {
          crawl(key);
        }
        selector.selectNow(this::ready); // takes out what was cancelled
      }
    } catch (IOException e) {
      running = false;
    }
  }

  private void connect(boolean slow) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.bind(new InetSocketAddress(from, 0));
      channel.configureBlocking(false);
      channel.connect(headEnd);
      channel.register(selector, SelectionKey.OP_CONNECT, new Crawl(slow));
    } catch (IOException e) {
      channel.close();
    }
  }

  private void ready(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        key.interestOps(SelectionKey.OP_READ);
        open.incrementAndGet();
        opened.increment();
      } else if (key.isReadable() && channel.read(ByteBuffer.allocate(256)) < 0) {
        hungUp(channel);
      }
    } catch (IOException e) {
      hungUp(channel);
    }
  }

  private void crawl(SelectionKey key) {
    if (key.attachment() instanceof Crawl crawl
        && crawl.slow
        && key.isValid()
        && (key.interestOps() & SelectionKey.OP_READ) != 0) {
      byte next = crawl.sent < BAIT.length ? BAIT[crawl.sent] : 0;
      try {
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(new byte[] {next}));
        crawl.sent++;
      } catch (IOException e) {
        hungUp((SocketChannel) key.channel());
      }
    }
  }

  private void hungUp(SocketChannel channel) {
    boolean wasOpen = channel.isConnected();
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
    if (wasOpen) {
      open.decrementAndGet();
      closedByHeadEnd.increment();
    }
  }
}
