package org.gridwarden.message.listener;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gridwarden.core.MeterId;

/**
 * How fast a meter, or concentrator, may send (C21): a token bucket each, for so many as are
 * remembered; the one not heard of for longest is forgotten. Thread-safe.
 */
public final class Rates {
  private static final int REMEMBERED = 65_536;

  private final int rate;
  private final int burst;
  private final Map<MeterId, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MeterId, Bucket> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param rate how many messages a second on the long run
   * @param burst how many at once
   */
  public Rates(int rate, int burst) {
    this.rate = rate;
    this.burst = burst;
  }

  /** Whether it may send one more now. */
  public boolean take(MeterId who) {
    Bucket bucket;
    synchronized (buckets) {
      bucket = buckets.computeIfAbsent(who, key -> fresh());
    }
    return bucket.tryConsume(1);
  }

  private Bucket fresh() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(burst).refillGreedy(rate, Duration.ofSeconds(1)))
        .build();
  }
}
