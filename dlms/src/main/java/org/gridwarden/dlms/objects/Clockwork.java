package org.gridwarden.dlms.objects;

import java.time.Duration;
import java.time.Instant;
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

  private static final Instant NEVER = Instant.MAX;

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
      Instant first = first(due(played));
      return first.equals(NEVER) ? Optional.empty() : Optional.of(first);
    } finally {
      turn.unlock();
    }
  }

  /** When each object is due after a moment. */
  private Instant[] due(Instant after) {
    Instant[] due = new Instant[objects.size()];
    for (int i = 0; i < due.length; i++) {
      due[i] = objects.get(i).next(after).orElse(NEVER);
    }
    return due;
  }

  private static Instant first(Instant[] due) {
    Instant first = NEVER;
    for (Instant at : due) {
      first = at.isBefore(first) ? at : first;
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
      if (!played.isBefore(now)) {
        return;
      }
      Instant[] due = due(played);
      // asked anew each time, since what acts may set the clock
      for (now = clock.instant(); played.isBefore(now); now = clock.instant()) {
        Instant at = first(due);
        if (at.isAfter(now)) {
          played = now;
          return; // not around once more: the clock has gone on meanwhile, and always will have
        }
        if (play(at, due)) {
          due = due(played);
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Plays one moment.
   *
   * @param due when each object is due; brought up to date where only those that act change
   * @return whether all objects must be asked again
   */
  private boolean play(Instant at, Instant[] due) {
    boolean[] acts = new boolean[due.length];
    boolean askAll = false;
    for (int i = 0; i < due.length; i++) {
      acts[i] = due[i].equals(at);
      askAll |= acts[i] && objects.get(i).changesOthers();
    }
    played = at;
    clock.at(
        at,
        () -> {
          for (int i = 0; i < acts.length; i++) {
            if (acts[i]) {
              objects.get(i).tick(at);
            }
          }
        });
    for (int i = 0; i < due.length && !askAll; i++) {
      due[i] = acts[i] ? objects.get(i).next(at).orElse(NEVER) : due[i];
    }
    return askAll;
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
