package org.gridwarden.security.certificate;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which certificates are revoked, as it was last learnt. Where that is too long ago it is not known
 * any more: commands stop, readings go on. Thread-safe.
 */
public final class Revocations {
  /** After so long without news nothing is known any more. */
  public static final Duration STALE = Duration.ofHours(1);

  private volatile State state = new State(Set.of(), Instant.MIN);
  private final List<Runnable> watching = new CopyOnWriteArrayList<>();

  private record State(Set<BigInteger> serials, Instant asOf) {}

  /** All serial numbers that are revoked now. */
  public void learn(Set<BigInteger> serials, Instant asOf) {
    state = new State(Set.copyOf(serials), asOf);
    watching.forEach(Runnable::run);
  }

  /** Whether it is revoked, as far as is known. */
  public boolean revoked(BigInteger serial) {
    return state.serials.contains(serial);
  }

  /** Whether what is known is new enough to rely on. */
  public boolean known(Instant now) {
    Instant asOf = state.asOf;
    return !asOf.equals(Instant.MIN) && Duration.between(asOf, now).compareTo(STALE) <= 0;
  }

  /** When it was last learnt; {@link Instant#MIN} before the first time. */
  public Instant asOf() {
    return state.asOf;
  }

  /** Runs whenever something was learnt, in the thread that learnt it. */
  public void onNews(Runnable watch) {
    watching.add(watch);
  }
}
