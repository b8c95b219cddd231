package org.gridwarden.security;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MeterId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admission with the limits of {@link AdmissionLimits}.
 *
 * <p>A new session of a source that is at its limit puts out that source's longest silent
 * unauthenticated session, so that a flood displaces itself, and an honest meter at the flooder's
 * own address still gets in. Where the limit over all is reached, the greediest source gives up
 * one; among equals, the one whose oldest session is the longest silent. Authenticated sessions are
 * never put out. Every operation takes logarithmic time in the number of sources. Thread-safe;
 * eviction callbacks run in the thread that asked for room, outside the lock.
 *
 * <p>Controls: C21, C40.
 */
public final class LimitedAdmission implements Admission {
  private static final Logger LOG = LoggerFactory.getLogger(LimitedAdmission.class);

  private final AdmissionLimits limits;
  private final DatagramLimits datagrams;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Source, Holder> bySource = new HashMap<>();

  /** Sources that may be put upon, by how many unauthenticated sessions they hold. */
  private final TreeMap<Integer, SequencedSet<Holder>> byGreed = new TreeMap<>();

  private final Map<MeterId, Integer> byMeter = new HashMap<>();
  private int total;
  private int unauthenticated;
  private long evicted;
  private long refused;

  public LimitedAdmission(AdmissionLimits limits) {
    this(limits, System::nanoTime);
  }

  LimitedAdmission(AdmissionLimits limits, java.util.function.LongSupplier nanoTime) {
    this.limits = limits;
    this.datagrams = new DatagramLimits(limits, nanoTime);
  }

  @Override
  public Optional<Ticket> admit(ChannelId via, InetAddress source, Runnable evict) {
    Place place = new Place(via, evict);
    Place victim = null;
    lock.lock();
    try {
      Source from = Source.of(source);
      Holder holder = bySource.get(from);
      boolean gateway = limits.gateways().contains(source);
      if (!gateway && holder != null && holder.waiting.size() >= limits.perSource()) {
        victim = holder.longestSilent();
      } else if (unauthenticated >= limits.unauthenticated() || total >= limits.total()) {
        victim = ofGreediest();
        if (victim == null) {
          refused++;
          return Optional.empty();
        }
      }
      if (victim != null) {
        victim.state = State.GONE;
        remove(victim);
        evicted++;
      }
      add(place, from, gateway);
    } finally {
      lock.unlock();
    }
    if (victim != null) {
      putOut(victim);
    }
    return Optional.of(place);
  }

  @Override
  public boolean datagram(ChannelId via, InetAddress source) {
    return datagrams.take(source);
  }

  @Override
  public boolean datagram(ChannelId via, MeterId proven) {
    return datagrams.take(proven);
  }

  /** What is held now and was done since the start. */
  public Counts counts() {
    lock.lock();
    try {
      return new Counts(
          total, unauthenticated, bySource.size(), evicted, refused, datagrams.refused());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Figures for metrics.
   *
   * @param sessions held now
   * @param unauthenticated of these, not yet proven
   * @param sources addresses that hold an unauthenticated session
   * @param evicted sessions put out since the start
   * @param refused sessions refused since the start
   * @param datagramsRefused datagrams passed over since the start
   */
  public record Counts(
      int sessions,
      int unauthenticated,
      int sources,
      long evicted,
      long refused,
      long datagramsRefused) {}

  private @Nullable Place ofGreediest() {
    Map.Entry<Integer, SequencedSet<Holder>> most = byGreed.lastEntry();
    return most == null ? null : most.getValue().getFirst().longestSilent();
  }

  private void add(Place place, Source from, boolean gateway) {
    Holder holder = bySource.computeIfAbsent(from, key -> new Holder(key, gateway));
    place.holder = holder;
    rank(holder, false);
    holder.waiting.put(place, Boolean.TRUE);
    rank(holder, true);
    unauthenticated++;
    total++;
  }

  /** Takes an unauthenticated place away. */
  private void remove(Place place) {
    Holder holder = place.held();
    rank(holder, false);
    holder.waiting.remove(place);
    if (holder.waiting.isEmpty()) {
      bySource.remove(holder.source);
    } else {
      rank(holder, true);
    }
    unauthenticated--;
    total--;
  }

  private void rank(Holder holder, boolean in) {
    if (holder.gateway || holder.waiting.isEmpty()) {
      return;
    }
    int greed = holder.waiting.size();
    if (in) {
      byGreed.computeIfAbsent(greed, key -> new LinkedHashSet<>()).addLast(holder);
    } else {
      SequencedSet<Holder> equals = byGreed.get(greed);
      if (equals != null && equals.remove(holder) && equals.isEmpty()) {
        byGreed.remove(greed);
      }
    }
  }

  private void putOut(Place victim) {
    try {
      victim.evict.run();
    } catch (RuntimeException e) {
      LOG.warn("{}: a session that had to make room did not close cleanly", victim.via, e);
    }
  }

  private enum State {
    UNAUTHENTICATED,
    AUTHENTICATED,
    GONE
  }

  /** A source and its unauthenticated sessions, the longest silent first. */
  private static final class Holder {
    final Source source;
    final boolean gateway;
    final LinkedHashMap<Place, Boolean> waiting = new LinkedHashMap<>(4, 0.75f, true);

    Holder(Source source, boolean gateway) {
      this.source = source;
      this.gateway = gateway;
    }

    Place longestSilent() {
      return waiting.sequencedKeySet().getFirst();
    }
  }

  private final class Place implements Ticket {
    private final ChannelId via;
    private final Runnable evict;
    private @Nullable Holder holder;
    private @Nullable MeterId meter;
    private volatile State state = State.UNAUTHENTICATED;

    Place(ChannelId via, Runnable evict) {
      this.via = via;
      this.evict = evict;
    }

    Holder held() {
      if (holder == null) {
        throw new IllegalStateException("a place without a source");
      }
      return holder;
    }

    @Override
    public void active() {
      if (state != State.UNAUTHENTICATED) {
        return; // never put out, so its order does not matter
      }
      lock.lock();
      try {
        if (state == State.UNAUTHENTICATED) {
          Holder mine = held();
          boolean wasOldest = mine.longestSilent() == this;
          mine.waiting.get(this); // access order: moves to the end
          if (wasOldest) {
            rank(mine, false);
            rank(mine, true);
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean authenticated(MeterId proven) {
      lock.lock();
      try {
        if (state == State.GONE) {
          return false;
        }
        if (proven.equals(meter)) {
          return true;
        }
        if (byMeter.getOrDefault(proven, 0) >= limits.perMeter()) {
          refused++;
          return false;
        }
        if (state == State.UNAUTHENTICATED) {
          remove(this);
          total++;
          state = State.AUTHENTICATED;
        } else {
          leaveMeter();
        }
        meter = proven;
        byMeter.merge(proven, 1, Integer::sum);
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        switch (state) {
          case UNAUTHENTICATED -> remove(this);
          case AUTHENTICATED -> {
            leaveMeter();
            total--;
          }
          case GONE -> {}
        }
        state = State.GONE;
      } finally {
        lock.unlock();
      }
    }

    private void leaveMeter() {
      if (meter != null) {
        byMeter.computeIfPresent(meter, (key, held) -> held == 1 ? null : held - 1);
      }
    }
  }
}
