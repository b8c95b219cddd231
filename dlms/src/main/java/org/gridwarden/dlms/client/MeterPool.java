package org.gridwarden.dlms.client;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;

/**
 * Visits many meters, so many at a time and each within a time, on virtual threads. All walks of
 * one pool share its bound, which stands for what a link, a concentrator or a cell bears.
 * Thread-safe.
 *
 * <pre>{@code
 * try (MeterPool pool = new MeterPool(200, Duration.ofSeconds(30));
 *     Walk<Address, Outcome> walk = pool.walk(addresses, address -> {
 *       try (Association meter = Association.open(address.connect(), address.request())) {
 *         return meter.get(ENERGY);
 *       }
 *     })) {
 *   for (var result = walk.next(); result.isPresent(); result = walk.next()) { ... }
 * }
 * }</pre>
 */
public final class MeterPool implements AutoCloseable {
  private final Semaphore places;
  private final int atOnce;
  private final Duration perMeter;
  private final ScheduledThreadPoolExecutor clock;
  private final Set<Walk<?, ?>> walks = ConcurrentHashMap.newKeySet();

  /** What is done with one meter. Interrupted where it takes too long or the walk is cancelled. */
  @FunctionalInterface
  public interface Visit<M, T> {
    T visit(M meter) throws Exception;
  }

  /**
   * @param atOnce how many meters are visited at a time, from 1
   * @param perMeter how long one visit may take
   */
  public MeterPool(int atOnce, Duration perMeter) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("meters at a time are 1 or more, not " + atOnce);
    }
    this.atOnce = atOnce;
    this.perMeter = perMeter;
    this.places = new Semaphore(atOnce, true);
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("meter-pool").factory());
    clock.setRemoveOnCancelPolicy(true);
  }

  /**
   * Begins to visit meters, in their order as far as the bound lets them begin.
   *
   * @param meters asked for the next one only when there is a place for it
   */
  public <M, T> Walk<M, T> walk(Iterable<M> meters, Visit<M, T> visit) {
    Walk<M, T> walk = new Walk<>(this, atOnce, visit);
    walks.add(walk);
    walk.start(meters);
    return walk;
  }

  Semaphore places() {
    return places;
  }

  Duration perMeter() {
    return perMeter;
  }

  ScheduledThreadPoolExecutor clock() {
    return clock;
  }

  void ended(Walk<?, ?> walk) {
    walks.remove(walk);
  }

  /** Cancels all walks. */
  @Override
  public void close() {
    walks.forEach(Walk::cancel);
    clock.shutdownNow();
  }
}
