package org.gridwarden.headend;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Work that waits, by the link it goes over: no more of it runs at once than the link bears, nor
 * than all may together. Links take turns. Not thread-safe.
 */
final class LinkQueues<W> {
  /** So much may wait for a link for each that may run over it; more is left in the store. */
  private static final int WAITING = 8;

  private final int most;
  private final ToIntFunction<String> limit;
  private final Map<String, ArrayDeque<W>> waiting = new LinkedHashMap<>();
  private final Map<String, Integer> running = new HashMap<>();
  private int runningInAll;
  private int waitingInAll;

  LinkQueues(int most, ToIntFunction<String> limit) {
    this.most = most;
    this.limit = limit;
  }

  /** How much more work for a link is of use here. */
  int room(String link) {
    ArrayDeque<W> line = waiting.get(link);
    return WAITING * limit.applyAsInt(link) - (line == null ? 0 : line.size());
  }

  boolean full() {
    return waitingInAll >= 2 * most;
  }

  void add(String link, W work) {
    waiting.computeIfAbsent(link, l -> new ArrayDeque<>()).addLast(work);
    waitingInAll++;
  }

  /** The next that may run now, which counts as running until {@link #done}; empty where none. */
  Optional<W> next() {
    if (runningInAll >= most) {
      return Optional.empty();
    }
    Iterator<Map.Entry<String, ArrayDeque<W>>> lines = waiting.entrySet().iterator();
    while (lines.hasNext()) {
      Map.Entry<String, ArrayDeque<W>> line = lines.next();
      String link = line.getKey();
      if (running.getOrDefault(link, 0) < limit.applyAsInt(link)) {
        ArrayDeque<W> queue = line.getValue();
        W work = queue.removeFirst();
        waitingInAll--;
        lines.remove();
        if (!queue.isEmpty()) {
          waiting.put(link, queue); // to the back: links take turns
        }
        begin(link);
        return Optional.of(work);
      }
    }
    return Optional.empty();
  }

  /** Takes a place on a link beside what waits; false where there is none. */
  boolean take(String link) {
    if (running.getOrDefault(link, 0) >= limit.applyAsInt(link)) {
      return false;
    }
    begin(link);
    return true;
  }

  private void begin(String link) {
    running.merge(link, 1, Integer::sum);
    runningInAll++;
  }

  void done(String link) {
    running.computeIfPresent(link, (l, n) -> n == 1 ? null : n - 1);
    runningInAll--;
  }

  int running() {
    return runningInAll;
  }

  int waiting() {
    return waitingInAll;
  }
}
