package org.gridwarden.bench.net;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries packets between two TUN devices, as the link's model says, and keeps a copy of each: our
 * own stand-in for the kernel's netem. Thread-safe.
 */
public final class Wire implements AutoCloseable {
  private final LinkModel up;
  private final LinkModel down;
  private final List<Packet> captured = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final DelayQueue<Due> toOffice = new DelayQueue<>();
  private final DelayQueue<Due> toMeters = new DelayQueue<>();
  private final AtomicLong order = new AtomicLong();
  private volatile boolean closing;

  @SuppressWarnings("ArrayRecordComponent") // a packet on its way
  private record Due(long at, long order, byte[] bytes) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Due that = (Due) other;
      int byTime = Long.signum(at - that.at);
      return byTime != 0 ? byTime : Long.compare(order, that.order);
    }
  }

  /**
   * Begins to carry.
   *
   * @param meters the device in the meters' namespace; whoever opened it closes it, after this
   * @param office the one in the office's
   * @param seed what is lost and late follows from it, as far as the packets are the same
   */
  public Wire(Tun meters, Tun office, Link link, long seed) {
    this.up = new LinkModel(link, seed);
    this.down = new LinkModel(link, ~seed);
    start("wire-up", () -> take(meters, up, true, toOffice));
    start("wire-down", () -> take(office, down, false, toMeters));
    start("wire-to-office", () -> give(toOffice, office));
    start("wire-to-meters", () -> give(toMeters, meters));
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private void start(String name, Task task) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(() -> {
              try {
                while (!closing) {
                  task.run();
                }
              } catch (IOException | InterruptedException e) {
                closing = true; // the devices are gone, or this closes
              }
            }));
  }

  private void take(Tun from, LinkModel model, boolean isUp, DelayQueue<Due> to)
      throws IOException {
    byte[] bytes = from.read();
    if (bytes.length == 0 || bytes[0] >>> 4 != 4) {
      return; // nothing, or the router solicitations of IPv6, which this link has not
    }
    long now = System.nanoTime();
    OptionalLong out;
    synchronized (model) {
      out = model.pass(now, bytes.length);
    }
    synchronized (captured) {
      captured.add(new Packet(now, isUp, out.isEmpty(), bytes));
    }
    out.ifPresent(at -> to.add(new Due(at, order.getAndIncrement(), bytes)));
  }

  private void give(DelayQueue<Due> from, Tun to) throws IOException, InterruptedException {
    Due due = from.poll(200, TimeUnit.MILLISECONDS);
    if (due != null) {
      to.write(due.bytes);
    }
  }

  /** From now on it is another link. */
  public void become(Link link) {
    for (LinkModel model : List.of(up, down)) {
      synchronized (model) {
        model.become(link);
      }
    }
  }

  /** From now on nothing passes, or everything again. */
  public void cut(boolean now) {
    for (LinkModel model : List.of(up, down)) {
      synchronized (model) {
        model.cut(now);
      }
    }
  }

  /** Takes out what was captured so far. */
  public List<Packet> drain() {
    synchronized (captured) {
      List<Packet> all = List.copyOf(captured);
      captured.clear();
      return all;
    }
  }

  @Override
  public void close() {
    closing = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
