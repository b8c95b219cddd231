package org.gridwarden.security;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.gridwarden.core.MeterId;

/**
 * Token buckets for datagrams: one a source, or a proven meter, and one over all. A source's own
 * bucket is asked first, so that what a flood sends in vain does not use up what is there for all.
 * Only so many sources are remembered; the one not heard of for longest is forgotten. Thread-safe.
 */
final class DatagramLimits {
  private final AdmissionLimits limits;
  private final TimeMeter time;
  private final Bucket all;

  /** By {@link Source}, or by {@link MeterId} where one has proven itself. */
  private final Map<Object, Bucket> bySource;

  private final LongAdder refused = new LongAdder();

  DatagramLimits(AdmissionLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.time = new Nanos(nanoTime);
    this.all = bucket(limits.datagramsInAll(), limits.datagramsInAll());
    this.bySource =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Object, Bucket> eldest) {
            return size() > limits.trackedSources();
          }
        };
  }

  boolean take(InetAddress address) {
    return take(limits.gateways().contains(address) || of(Source.of(address)).tryConsume(1));
  }

  boolean take(MeterId proven) {
    return take(of(proven).tryConsume(1));
  }

  private boolean take(boolean byItsOwn) {
    boolean taken = byItsOwn && all.tryConsume(1);
    if (!taken) {
      refused.increment();
    }
    return taken;
  }

  long refused() {
    return refused.sum();
  }

  int tracked() {
    synchronized (bySource) {
      return bySource.size();
    }
  }

  private Bucket of(Object who) {
    synchronized (bySource) {
      return bySource.computeIfAbsent(
          who, key -> bucket(limits.datagramBurst(), limits.datagramsPerSecond()));
    }
  }

  private Bucket bucket(int capacity, int perSecond) {
    return Bucket.builder()
        .addLimit(
            Bandwidth.builder()
                .capacity(capacity)
                .refillGreedy(perSecond, Duration.ofSeconds(1))
                .build())
        .withCustomTimePrecision(time)
        .build();
  }

  private record Nanos(LongSupplier clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return clock.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
