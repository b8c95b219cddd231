package org.gridwarden.channel.coap;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.deduplication.Deduplicator;
import org.jspecify.annotations.Nullable;

/**
 * Which messages came already (RFC 7252, 4.5), so that one that comes twice is answered by what was
 * answered before. Bounded, unlike the library's own: under a flood the oldest are forgotten early,
 * and then what comes again is done again, which changes nothing, as all that can be asked here is
 * idempotent. Thread-safe.
 */
final class Recent implements Deduplicator {
  private static final int MOST = 65_536;
  private static final Duration EXCHANGE_LIFETIME = Duration.ofSeconds(247);

  private final Map<KeyMID, Seen> seen = new LinkedHashMap<>();

  private record Seen(Exchange exchange, long nanos) {}

  @Override
  public void start() {
    // needs no timer: what is too old goes when something new comes
  }

  @Override
  public void stop() {
    clear();
  }

  @Override
  public void setExecutor(ScheduledExecutorService executor) {
    // needs none
  }

  @Override
  public synchronized @Nullable Exchange findPrevious(KeyMID key, Exchange exchange) {
    forget();
    Seen before = seen.putIfAbsent(key, new Seen(exchange, System.nanoTime()));
    return before == null ? null : before.exchange;
  }

  private void forget() {
    long now = System.nanoTime();
    Iterator<Seen> oldest = seen.values().iterator();
    while (oldest.hasNext()) {
      Seen first = oldest.next();
      if (seen.size() < MOST && now - first.nanos < EXCHANGE_LIFETIME.toNanos()) {
        return;
      }
      oldest.remove();
    }
  }

  @Override
  public synchronized boolean replacePrevious(KeyMID key, Exchange previous, Exchange exchange) {
    seen.remove(key);
    seen.put(key, new Seen(exchange, System.nanoTime()));
    return true;
  }

  @Override
  public synchronized @Nullable Exchange find(KeyMID key) {
    Seen before = seen.get(key);
    return before == null ? null : before.exchange;
  }

  @Override
  public synchronized boolean isEmpty() {
    return seen.isEmpty();
  }

  @Override
  public synchronized int size() {
    return seen.size();
  }

  @Override
  public synchronized void clear() {
    seen.clear();
  }
}
