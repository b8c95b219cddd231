package org.gridwarden.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * How much power a household could draw from when on: nothing while the breaker was open, so much
 * under a limit, else what it liked. Moments are whole seconds by the meter's clock. Thread-safe:
 * one immutable state, replaced as a whole.
 */
final class Supply {
  /** No limit at all. */
  static final long ALL = Long.MAX_VALUE;

  /** What holds from a moment on, in W. */
  record Change(Instant from, long watts) {}

  private record State(
      List<Change> breaker, List<Change> limits, List<Change> shed, List<Change> both) {
    static State of(List<Change> breaker, List<Change> limits, List<Change> shed) {
      return new State(
          List.copyOf(breaker),
          List.copyOf(limits),
          List.copyOf(shed),
          together(breaker, limits, shed));
    }
  }

  private volatile State state;

  /** As it was, each list in the order of time. */
  Supply(List<Change> breaker, List<Change> limits, List<Change> shed) {
    this.state = State.of(breaker, limits, shed);
  }

  /** Never interrupted so far. */
  static Supply uninterrupted() {
    return new Supply(List.of(), List.of(), List.of());
  }

  /** Whether it was never cut off nor limited. */
  boolean isWhole() {
    return state.both.isEmpty();
  }

  /** Itself, where a supplier is wanted. */
  Supply itself() {
    return this;
  }

  /** The breaker moves. */
  synchronized void breaker(Instant at, boolean closed) {
    List<Change> changed = new ArrayList<>(state.breaker);
    Instant from = seconds(at);
    if (!changed.isEmpty() && changed.getLast().from.isAfter(from)) {
      from = changed.getLast().from; // the clock was set back meanwhile
    }
    changed.add(new Change(from, closed ? ALL : 0));
    state = State.of(changed, state.limits, state.shed);
  }

  /** A limit begins; it takes the place of one that runs. */
  synchronized void limit(Instant at, Instant until, long watts) {
    Instant from = seconds(at);
    List<Change> changed = new ArrayList<>();
    state.limits.stream().filter(c -> c.from.isBefore(from)).forEach(changed::add);
    changed.add(new Change(from, watts));
    changed.add(new Change(seconds(until), ALL));
    state = State.of(state.breaker, changed, state.shed);
  }

  /**
   * The household itself switches something off, or on again.
   *
   * @param watts what it draws at most then, more than 0; {@link #ALL} where all is on again
   * @return whether that is new
   */
  synchronized boolean shed(Instant at, long watts) {
    List<Change> changed = new ArrayList<>(state.shed);
    long before = changed.isEmpty() ? ALL : changed.getLast().watts;
    if (before == watts) {
      return false;
    }
    Instant from = seconds(at);
    if (!changed.isEmpty() && changed.getLast().from.isAfter(from)) {
      from = changed.getLast().from; // the clock was set back meanwhile
    }
    changed.add(new Change(from, watts));
    state = State.of(state.breaker, state.limits, changed);
    return true;
  }

  List<Change> shed() {
    return state.shed;
  }

  List<Change> breaker() {
    return state.breaker;
  }

  List<Change> limits() {
    return state.limits;
  }

  /** What may be drawn at a moment. */
  long wattsAt(Instant at) {
    return at(state.both, at);
  }

  /**
   * What a register did not count from one moment to another because the breaker was open.
   *
   * @param register what it would have shown
   */
  long missed(Instant from, Instant to, ToLongFunction<Instant> register) {
    return lost(
        from,
        to,
        (a, b, watts) -> watts == 0 ? register.applyAsLong(b) - register.applyAsLong(a) : 0);
  }

  /** What is lost from one moment to another under a limit; 0 W where the breaker is open. */
  interface Loss {
    long of(Instant from, Instant to, long watts);
  }

  long lost(Instant from, Instant to, Loss loss) {
    List<Change> changes = state.both;
    long sum = 0;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (!change.from.isBefore(to)) {
        break;
      }
      Instant begin = change.from.isBefore(from) ? from : change.from;
      Instant end =
          i + 1 < changes.size() && changes.get(i + 1).from.isBefore(to)
              ? changes.get(i + 1).from
              : to;
      if (change.watts != ALL && begin.isBefore(end)) {
        sum += loss.of(begin, end, change.watts);
      }
    }
    return sum;
  }

  private static long at(List<Change> changes, Instant at) {
    long watts = ALL;
    for (Change change : changes) {
      if (change.from.isAfter(at)) {
        break;
      }
      watts = change.watts;
    }
    return watts;
  }

  private static List<Change> together(
      List<Change> breaker, List<Change> limits, List<Change> shed) {
    TreeSet<Instant> moments = new TreeSet<>();
    breaker.forEach(change -> moments.add(change.from));
    limits.forEach(change -> moments.add(change.from));
    shed.forEach(change -> moments.add(change.from));
    return moments.stream()
        .map(
            at -> new Change(at, Math.min(at(breaker, at), Math.min(at(limits, at), at(shed, at)))))
        .toList();
  }

  private static Instant seconds(Instant at) {
    return Instant.ofEpochSecond(at.getEpochSecond());
  }
}
