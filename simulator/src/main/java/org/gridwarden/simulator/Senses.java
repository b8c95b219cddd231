package org.gridwarden.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What one meter senses now, what of it is not told yet, its own log of it and its alarm register.
 * Thread-safe: a hand does things to the meter while the meter lives its life.
 */
final class Senses {
  static final Duration SET_BACK = Duration.ofHours(1);

  private static final int LOG = 200;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Sense> now = new LinkedHashSet<>();
  private final Deque<Happening> untold = new ArrayDeque<>();
  private final Deque<Logged> log = new ArrayDeque<>();
  private long register;
  private boolean setBack;
  private boolean erased;
  private Runnable news = () -> {};

  /** Something to be told. */
  record Happening(Sense sense, boolean begins) {
    int code() {
      return begins ? sense.begins() : sense.ends();
    }
  }

  /** An entry of the meter's own event log, by its own clock. */
  record Logged(Instant at, Sense sense, int code) {}

  /** A meter that nobody touches. */
  static Senses none() {
    return new Senses();
  }

  /** Who is woken whenever there is something to be told; must be quick. */
  void onNews(Runnable listener) {
    locked(() -> {
      news = listener;
      return null;
    });
  }

  /** The clock that a meter goes by whose clock somebody may set back. */
  InstantSource behind(InstantSource clock) {
    return () -> clock.instant().minus(behind());
  }

  /** How far its clock was set back. */
  Duration behind() {
    return locked(() -> setBack ? SET_BACK : Duration.ZERO);
  }

  /**
   * Somebody does something to it; again, where it lasts, changes nothing.
   *
   * @param at when, by the meter's clock
   */
  void begin(Sense sense, Instant at) {
    locked(() -> {
      if (erased || sense.lasts() && !now.add(sense)) {
        return null;
      }
      setBack |= sense.word().equals("clock-back");
      if (sense.bit() >= 0) {
        register |= 1L << sense.bit();
      }
      happen(new Happening(sense, true), at);
      return null;
    });
  }

  /** It is undone. The alarm register keeps its bit until the office has seen all go. */
  void end(Sense sense, Instant at) {
    locked(() -> {
      if (sense.word().equals("clock-back")) {
        setBack = false;
      }
      if (!erased && now.remove(sense)) {
        happen(new Happening(sense, false), at);
        if (now.stream().noneMatch(s -> s.bit() == sense.bit())) {
          register &= sense.bit() < 0 ? -1L : ~(1L << sense.bit());
        }
      }
      return null;
    });
  }

  private void happen(Happening what, Instant at) {
    log.addLast(new Logged(at, what.sense(), what.code()));
    if (log.size() > LOG) {
      log.removeFirst();
    }
    untold.addLast(what);
    news.run();
  }

  /** The next thing to be told, which is then told. */
  Optional<Happening> next() {
    return locked(() -> Optional.ofNullable(untold.pollFirst()));
  }

  boolean senses(String word) {
    return any(sense -> sense.word().equals(word));
  }

  /** Whether what it senses means that somebody is inside: its keys are to go. */
  boolean intruded() {
    return locked(() ->
        now.stream()
            .anyMatch(sense ->
                !sense.erasesWith().isEmpty()
                    && now.stream().anyMatch(s -> s.word().equals(sense.erasesWith()))));
  }

  /** Its keys are gone: it goes on metering and tells nothing more. */
  void erase(Instant at) {
    locked(() -> {
      erased = true;
      untold.clear();
      log.addLast(new Logged(at, Sense.KEYS_ERASED, Sense.KEYS_ERASED.begins()));
      return null;
    });
  }

  /** A fitter has put it right and sealed it: it senses nothing, and has keys again. */
  void refit() {
    locked(() -> {
      now.clear();
      untold.clear();
      register = 0;
      setBack = false;
      erased = false;
      return null;
    });
  }

  boolean erased() {
    return locked(() -> erased);
  }

  /** The words of all that it senses now. */
  List<String> words() {
    return locked(() -> {
      List<String> words = new ArrayList<>(now.stream().map(Sense::word).toList());
      if (setBack) {
        words.add("clock-back");
      }
      return List.copyOf(words);
    });
  }

  /** Its alarm register 1 (0.0.97.98.0.255). */
  long register() {
    return locked(() -> register);
  }

  /** Its own event log, the oldest first. */
  List<Logged> log() {
    return locked(() -> List.copyOf(log));
  }

  private boolean any(Predicate<Sense> which) {
    return locked(() -> now.stream().anyMatch(which));
  }

  /** Work under the lock. */
  private interface Work<T> {
    @org.jspecify.annotations.Nullable
    T does();
  }

  @SuppressWarnings("NullAway") // works that give nothing are called for nothing
  private <T> T locked(Work<T> work) {
    lock.lock();
    try {
      return work.does();
    } finally {
      lock.unlock();
    }
  }
}
