package org.gridwarden.channel.sip;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that came by datagram and were of somebody proven, with what they were answered by, so
 * that one that comes again is answered again and not done again (RFC 3261, clause 17.2). Only the
 * same bytes are the same request: a meter that uses a branch twice loses nothing by it. Bounded:
 * where one is forgotten early, and comes again, it is done again, which changes nothing
 * (idempotent intake). Thread-safe.
 */
final class Transactions {
  private static final int MOST = 16_384;
  private static final long LASTING = Duration.ofSeconds(32).toNanos(); // timer J: 64 T1

  private final Map<Key, State> known = new LinkedHashMap<>();

  /** A request: whence it came, and a hash of all of it. */
  @SuppressWarnings("ArrayRecordComponent") // compared below
  record Key(InetSocketAddress from, byte[] hash) {
    static Key of(InetSocketAddress from, byte[] bytes, int length) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(bytes, 0, length);
        return new Key(from, digest.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java runtime has SHA-256", e);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && from.equals(that.from) && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(hash);
    }
  }

  private record State(long since, Optional<byte[]> answer) {}

  /** What became of a request. */
  sealed interface Before {
    /** It did not come before. */
    record Never() implements Before {}

    /** It is being answered. */
    record Pending() implements Before {}

    /** It was answered so; the bytes are not to be changed. */
    @SuppressWarnings("ArrayRecordComponent") // stated above
    record Answered(byte[] answer) implements Before {}
  }

  /** Looks whether a request came before. */
  synchronized Before look(Key key) {
    forget();
    State state = known.get(key);
    if (state == null) {
      return new Before.Never();
    }
    return state.answer.<Before>map(Before.Answered::new).orElse(new Before.Pending());
  }

  /**
   * Begins one.
   *
   * @return false where it has begun already
   */
  synchronized boolean begin(Key key) {
    return known.putIfAbsent(key, new State(System.nanoTime(), Optional.empty())) == null;
  }

  /** It was answered. */
  synchronized void answered(Key key, byte[] answer) {
    known.computeIfPresent(key, (k, state) -> new State(state.since, Optional.of(answer)));
  }

  /** It is to be looked at anew where it comes again. */
  synchronized void drop(Key key) {
    known.remove(key);
  }

  private void forget() {
    long now = System.nanoTime();
    Iterator<State> oldest = known.values().iterator();
    while (oldest.hasNext()) {
      State first = oldest.next();
      if (known.size() < MOST && now - first.since < LASTING) {
        return;
      }
      oldest.remove();
    }
  }
}
