package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Offer;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;

/**
 * Writes down how sessions went, many at once: what is missing now, and when the next turn is. Not
 * thread-safe.
 */
final class Settlement {
  /** A meter that has not called in is looked for again at least so often. */
  private static final Duration ABSENT = Duration.ofMinutes(15);

  private final CollectionBook book;
  private final CollectionPlanner planner;
  private final CollectionSettings settings;
  private final CollectionMetrics metrics;
  private final RandomGenerator dice;
  private final Backoff backoff;

  Settlement(
      CollectionBook book,
      CollectionPlanner planner,
      CollectionSettings settings,
      CollectionMetrics metrics,
      RandomGenerator dice) {
    this.book = book;
    this.planner = planner;
    this.settings = settings;
    this.metrics = metrics;
    this.dice = dice;
    this.backoff = new Backoff(settings.firstRetry(), settings.lastRetry());
  }

  void settle(List<TurnOutcome> outcomes, Instant now) {
    List<CollectionGaps.Question> questions = new ArrayList<>();
    Map<TurnOutcome, Integer> counts = new LinkedHashMap<>();
    for (TurnOutcome outcome : outcomes) {
      // asked anew: a meter that was read has said what it really has
      Offer offer = planner.offer(outcome.work().meter().id());
      List<CollectionGaps.Question> its =
          outcome.work().turn(Schedule.PROFILES).isPresent()
              ? List.copyOf(planner.questions(outcome.work().meter(), offer, now).values())
              : List.of();
      questions.addAll(its);
      counts.put(outcome, its.size());
    }
    Iterator<CollectionGaps> found =
        (questions.isEmpty() ? List.<CollectionGaps>of() : book.gaps(questions)).iterator();
    List<CollectionResult> results = new ArrayList<>();
    List<CollectionClock> clocks = new ArrayList<>();
    for (TurnOutcome outcome : outcomes) {
      List<CollectionGaps> gaps = new ArrayList<>();
      for (int i = 0; i < counts.getOrDefault(outcome, 0); i++) {
        gaps.add(found.next());
      }
      for (CollectionTurn turn : outcome.work().turns()) {
        results.add(result(outcome, turn, gaps, now));
      }
      outcome.clock().ifPresent(clocks::add);
      count(outcome);
    }
    book.settle(results, clocks);
  }

  private CollectionResult result(
      TurnOutcome outcome, CollectionTurn turn, List<CollectionGaps> all, Instant now) {
    List<CollectionGaps> gaps = turn.schedule() == Schedule.PROFILES ? all : List.of();
    int missing = gaps.stream().mapToInt(CollectionGaps::missingSlots).sum();
    int expected = gaps.stream().mapToInt(CollectionGaps::expected).sum();
    boolean done = outcome.done().contains(turn.schedule());
    int failures = done ? 0 : turn.failures() + 1;
    Optional<Instant> vain = done ? lastOld(gaps, turn.givenUp(), now) : Optional.empty();
    int asked = done ? (vain.isPresent() ? turn.asked() + 1 : 0) : turn.asked();
    Optional<Instant> givenUp = turn.givenUp();
    if (asked >= settings.vain()) {
      givenUp = vain;
      asked = 0;
    }
    Instant due =
        done
            ? regular(outcome.work(), turn, now)
            : now.plus(
                outcome.work().channel().isEmpty()
                    ? shorter(backoff.after(failures, dice), ABSENT)
                    : backoff.after(failures, dice));
    String fault = done ? "" : outcome.fault().map(Settlement::words).orElse("it was broken off");
    return new CollectionResult(
        turn.meter(),
        turn.schedule(),
        outcome.began(),
        due,
        fault,
        failures,
        asked,
        givenUp,
        missing,
        expected);
  }

  /** The end of the last gap that the meter had time to fill and did not; empty where none. */
  private Optional<Instant> lastOld(
      List<CollectionGaps> gaps, Optional<Instant> givenUp, Instant now) {
    Instant old = now.minus(settings.profilesEvery()).minus(settings.settling());
    return gaps.stream()
        .flatMap(g -> g.missing().stream())
        .filter(range -> range.from().isBefore(old))
        .map(range -> range.to().isAfter(old) ? old : range.to())
        .filter(end -> givenUp.isEmpty() || end.isAfter(givenUp.get()))
        .max(Instant::compareTo);
  }

  /** The schedule's next time: its own place in the period, which chance gave the meter. */
  private Instant regular(CollectionWork work, CollectionTurn turn, Instant now) {
    Duration period =
        turn.schedule() == Schedule.BILLING ? settings.billingEvery() : settings.profilesEvery();
    long step = period.toSeconds();
    // a day's registers are due after the meter's own midnight
    long offset = work.meter().zone().getRules().getOffset(now).getTotalSeconds();
    long begin = (Math.floorDiv(now.getEpochSecond() + offset, step) + 1) * step - offset;
    long spread = Math.max(1, Math.min(settings.spread().toSeconds(), step));
    long place = Math.floorMod(turn.meter().hashCode() * 0x9E3779B97F4A7C15L >>> 20, spread);
    return Instant.ofEpochSecond(begin).plus(settings.settling()).plusSeconds(place);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String words(Fault fault) {
    return fault.code() + ": " + fault.remedy();
  }

  private void count(TurnOutcome outcome) {
    if (outcome.fault().isEmpty()) {
      metrics.succeeded();
    } else if (outcome.work().channel().isEmpty()) {
      metrics.absent();
    } else {
      metrics.failed();
    }
  }
}
