package org.gridwarden.server;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failed logins and makes the next ones wait. A user from one address: five, then a pause
 * that doubles from 30 s to 15 min. An address, whoever it names: thirty. A user from anywhere:
 * fifty, and then for 30 s only, so that nobody can lock another out for long. Wrong codes after a
 * right password: ten from anywhere, then a pause that doubles. Holds a bounded number of counts;
 * the one longest untouched goes first. Thread-safe.
 */
final class LoginLimits {
  private static final int MAX_COUNTS = 20_000;
  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(15);

  /** Failures older than this are forgotten. */
  private static final long MEMORY = TimeUnit.MINUTES.toNanos(30);

  private final LongSupplier nanoTime;
  private final Map<String, Count> counts =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > MAX_COUNTS;
        }
      };

  LoginLimits(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * @throws FaultException BUSY (429) while a pause lasts, before any hash is reckoned
   */
  synchronized void check(String user, InetAddress source) {
    long now = nanoTime.getAsLong();
    long wait = 0;
    for (String key : keys(user, source)) {
      Count count = counts.get(key);
      if (count != null) {
        wait = Math.max(wait, count.until - now);
      }
    }
    if (wait > 0) {
      int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
      throw FaultException.tooMany(
          "session", "too many failed logins: try again in " + seconds + " s", seconds);
    }
  }

  synchronized void failed(String user, InetAddress source) {
    String[] keys = keys(user, source);
    count(keys[0], 5, LONGEST_PAUSE);
    count(keys[1], 30, LONGEST_PAUSE);
    count(keys[2], 50, FIRST_PAUSE);
  }

  synchronized void succeeded(String user, InetAddress source) {
    counts.remove(keys(user, source)[0]);
  }

  /**
   * @throws FaultException BUSY (429) while a pause after wrong codes lasts. Who gets so far knows
   *     the password: a million codes are not many, so that the source does not count
   */
  synchronized void checkCode(String user) {
    Count count = counts.get(codeKey(user));
    long wait = count == null ? 0 : count.until - nanoTime.getAsLong();
    if (wait > 0) {
      int seconds = (int) TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
      throw FaultException.tooMany(
          "code", "too many wrong codes: try again in " + seconds + " s", seconds);
    }
  }

  synchronized void failedCode(String user) {
    count(codeKey(user), 10, LONGEST_PAUSE);
  }

  synchronized void succeededCode(String user) {
    counts.remove(codeKey(user));
  }

  private static String codeKey(String user) {
    return folded(user) + " code";
  }

  /** Forgets the failures of a user, whatever the address. */
  synchronized void forget(String user) {
    String prefix = folded(user) + " ";
    counts.keySet().removeIf(key -> key.startsWith(prefix));
  }

  synchronized int size() {
    return counts.size();
  }

  private void count(String key, int free, long longest) {
    long now = nanoTime.getAsLong();
    Count count = counts.computeIfAbsent(key, k -> new Count(now));
    if (now - count.last > MEMORY) {
      count.failures = 0;
    }
    count.last = now;
    count.failures++;
    if (count.failures >= free) {
      int doublings = Math.min(count.failures - free, 10);
      count.until = now + Math.min(FIRST_PAUSE << doublings, longest);
    }
  }

  private static String[] keys(String user, InetAddress source) {
    String folded = folded(user);
    String address = source.getHostAddress();
    return new String[] {folded + " " + address, " " + address, folded + " "};
  }

  /** Whatever the client sends as a name, a key stays short. */
  private static String folded(String user) {
    String name = user.length() > 64 ? user.substring(0, 64) : user;
    return name.toLowerCase(Locale.ROOT);
  }

  private static final class Count {
    private int failures;
    private long last;
    private long until;

    private Count(long now) {
      this.last = now;
      this.until = now;
    }
  }
}
