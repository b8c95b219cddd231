package org.gridwarden.dlms.objects;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Plays the moments at which a meter's objects do something, each in its order and with the clock
 * showing it, however seldom {@link #run} is called: what is due at 12:00 and played at 12:07
 * captures and stamps 12:00. It has no thread; who owns the meter calls {@code run}, for instance
 * when {@link #next} comes and before a client is answered.
 *
 * <p>When the clock is set by up to {@value #SYNCHRONISATION_SECONDS} seconds, no moment is lost
 * and none comes twice. Set further forward, the moments between are not played and the objects are
 * told ({@link Timed#skipped}); set further back, they come again. So IEC 62056-6-2, clause 4.5.3,
 * has it for schedules.
 *
 * <p>Thread-safe: one thread plays at a time, others wait for it.
 */
public final class Clockwork implements Clock.Watcher {
  private static final int SYNCHRONISATION_SECONDS = 60;
  private static final Duration SYNCHRONISATION = Duration.ofSeconds(SYNCHRONISATION_SECONDS);

  private final Clock clock;
  private final List<Timed> objects;
  private final Duration longest;
  private final ReentrantLock turn = new ReentrantLock();
  private Instant played;

  /**
   * From now on.
   *
   * @param objects in the order in which they act at one moment
   * @param longest what lies further back when {@link #run} comes is not played but skipped, as
   *     after a power failure
   */
  public Clockwork(Clock clock, List<? extends Timed> objects, Duration longest) {
    this.clock = clock;
    this.objects = List.copyOf(objects);
    this.longest = longest;
    this.played = clock.instant();
    clock.watch(this);
  }

  /** When something is due next, of the clock's time; empty for never, as things stand. */
  public Optional<Instant> next() {
    turn.lock();
    try {
      return next(played);
    } finally {
      turn.unlock();
    }
  }

  private Optional<Instant> next(Instant after) {
    Optional<Instant> first = Optional.empty();
    for (Timed object : objects) {
      Optional<Instant> at = object.next(after);
      if (at.isPresent() && (first.isEmpty() || at.get().isBefore(first.get()))) {
        first = at;
      }
    }
    return first;
  }

  /** Plays what has become due since the last time. */
  public void run() {
    turn.lock();
    try {
      if (turn.getHoldCount() > 1) {
        return; // an object that acts now has set the clock; the turn that it is in goes on
      }
      Instant now = clock.instant();
      if (played.isBefore(now.minus(longest))) {
        Instant from = played;
        played = now.minus(longest);
        skip(from, played);
      }
      while (played.isBefore(clock.instant())) {
        Optional<Instant> at = next(played);
        if (at.isEmpty() || at.get().isAfter(clock.instant())) {
          played = clock.instant();
          return;
        }
        play(at.get());
      }
    } finally {
      turn.unlock();
    }
  }

  private void play(Instant at) {
    List<Timed> due = new ArrayList<>(objects.size());
    for (Timed object : objects) {
      if (object.next(played).filter(at::equals).isPresent()) {
        due.add(object);
      }
    }
    played = at;
    clock.at(at, () -> due.forEach(object -> object.tick(at)));
  }

  private void skip(Instant from, Instant to) {
    clock.at(to, () -> objects.forEach(object -> object.skipped(from, to)));
  }

  /**
   * There was no power until now since a moment: what was due meanwhile was not done.
   *
   * @param since of the clock's time
   */
  public void powerFailed(Instant since) {
    turn.lock();
    try {
      Instant now = clock.instant();
      played = now;
      skip(since, now);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void changing() {
    run();
  }

  @Override
  public void changed(Instant from, Instant to) {
    turn.lock();
    try {
      Duration change = Duration.between(from, to);
      if (change.compareTo(SYNCHRONISATION) > 0) {
        played = to;
        skip(from, to);
      } else if (change.negated().compareTo(SYNCHRONISATION) > 0) {
        played = to;
        clock.at(to, () -> objects.forEach(object -> object.repeated(from, to)));
      }
    } finally {
      turn.unlock();
    }
  }
}
