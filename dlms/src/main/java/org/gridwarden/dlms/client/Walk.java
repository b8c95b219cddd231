package org.gridwarden.dlms.client;

import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Meters that are being visited, and the results as they come. Whoever does not take the results
 * holds up the visits: no more wait than there are places. Thread-safe.
 *
 * @param <M> what says which meter it is
 * @param <T> what a visit gives
 */
public final class Walk<M, T> implements AutoCloseable {
  /** How one visit went. */
  public sealed interface Result<M, T> {
    M meter();

    /** The visit's value. */
    record Done<M, T>(M meter, T value) implements Result<M, T> {}

    /**
     * The visit failed.
     *
     * @param why a {@link SocketTimeoutException} where it took too long
     */
    record Failed<M, T>(M meter, Exception why) implements Result<M, T> {}
  }

  private final MeterPool pool;
  private final MeterPool.Visit<M, T> visit;
  private final BlockingQueue<Optional<Result<M, T>>> results;
  private final Thread guide;
  private volatile Iterable<M> meters = java.util.List.of();
  private volatile boolean cancelled;
  private volatile Optional<RuntimeException> broken = Optional.empty();

  Walk(MeterPool pool, int atOnce, MeterPool.Visit<M, T> visit) {
    this.pool = pool;
    this.visit = visit;
    this.results = new ArrayBlockingQueue<>(atOnce + 1);
    this.guide = Thread.ofVirtual().name("meter-walk").unstarted(this::guide);
  }

  void start(Iterable<M> all) {
    meters = all;
    guide.start();
  }

  private void guide() {
    try {
      visitAll();
      results.put(Optional.empty());
    } catch (InterruptedException e) {
      end();
    } catch (RuntimeException e) {
      broken = Optional.of(e);
      end();
    } finally {
      pool.ended(this);
    }
  }

  private void visitAll() throws InterruptedException {
    try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (M meter : meters) {
          pool.places().acquire();
          visitors.execute(() -> place(meter));
        }
      } catch (InterruptedException e) {
        visitors.shutdownNow(); // interrupts those that are still there
        throw e;
      }
    } // waits for them; interrupted while it waits, it interrupts them
  }

  private void place(M meter) {
    try {
      Result<M, T> result = visited(meter);
      if (!cancelled) {
        results.put(Optional.of(result));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // cancelled: nobody takes the result
    } finally {
      pool.places().release();
    }
  }

  private Result<M, T> visited(M meter) {
    Patience patience = new Patience(Thread.currentThread());
    Future<?> end =
        pool.clock().schedule(patience::over, pool.perMeter().toNanos(), TimeUnit.NANOSECONDS);
    try {
      T value = visit.visit(meter);
      patience.done();
      return new Result.Done<>(meter, value);
    } catch (Exception e) {
      return new Result.Failed<>(meter, patience.done() ? late() : e);
    } finally {
      end.cancel(false);
    }
  }

  private Exception late() {
    return new SocketTimeoutException("the visit took longer than " + pool.perMeter());
  }

  /** Interrupts a visit that takes too long, and nothing that comes after it. */
  private static final class Patience {
    private final Thread visitor;
    private boolean done;
    private boolean over;

    Patience(Thread visitor) {
      this.visitor = visitor;
    }

    synchronized void over() {
      if (!done) {
        over = true;
        visitor.interrupt();
      }
    }

    /** The visit has ended; whether it had taken too long. */
    synchronized boolean done() {
      done = true;
      if (over) {
        Thread.interrupted(); // it was meant for the visit alone
      }
      return over;
    }
  }

  /**
   * The next result, as they come.
   *
   * @return empty where there are no more, or the walk was cancelled
   * @throws IllegalStateException where no next meter could be told
   */
  public Optional<Result<M, T>> next() throws InterruptedException {
    if (cancelled) {
      return Optional.empty();
    }
    Optional<Result<M, T>> next = results.take();
    if (next.isEmpty()) {
      end(); // whoever asks again, too
    }
    if (broken.isPresent()) {
      throw new IllegalStateException("there was no telling the next meter", broken.get());
    }
    return cancelled ? Optional.empty() : next;
  }

  private void end() {
    while (!results.offer(Optional.empty())) {
      results.clear();
    }
  }

  /** Begins no more visits and interrupts those under way, which closes their links. */
  public void cancel() {
    cancelled = true;
    guide.interrupt();
    end();
  }

  /** Cancels the walk, and waits until no visit is under way any more. */
  @Override
  public void close() {
    cancel();
    boolean interrupted = false;
    while (guide.isAlive()) {
      try {
        guide.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
