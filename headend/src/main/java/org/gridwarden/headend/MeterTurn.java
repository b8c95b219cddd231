package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionGaps.Range;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;

/**
 * One meter's session: the clock, the billing registers, what is missing of the profiles from the
 * oldest on, and the event logs. Thread-safe.
 */
final class MeterTurn {
  /** Gaps so close together are read at once: asking costs more than a few rows. */
  private static final int JOINED = 8;

  /** So many separate gaps are read in one session; the others in the next. */
  private static final int MOST_GAPS = 32;

  private final CollectionSettings settings;
  private final ClockWatch clocks;
  private final CollectionMetrics metrics;
  private final InstantSource clock;
  private volatile Collection.Daily daily = (meter, session) -> {};

  MeterTurn(
      CollectionSettings settings,
      ClockWatch clocks,
      CollectionMetrics metrics,
      InstantSource clock) {
    this.settings = settings;
    this.clocks = clocks;
    this.metrics = metrics;
    this.clock = clock;
  }

  void daily(Collection.Daily look) {
    daily = look;
  }

  /**
   * Does it.
   *
   * @param told of each message that was read and stored
   */
  TurnOutcome run(CollectionWork work, Consumer<Message> told) throws InterruptedException {
    Instant began = clock.instant();
    Set<Schedule> done = EnumSet.noneOf(Schedule.class);
    Optional<CollectionClock> read = Optional.empty();
    Channel channel = work.channel().orElse(null);
    if (channel == null) {
      return new TurnOutcome(
          work,
          began,
          done,
          Optional.of(
              new Fault(
                  Fault.Code.CONFLICT,
                  "meter " + work.meter().id(),
                  "there is no way to it now: it has not called in, or has no address")),
          read);
    }
    long start = System.nanoTime();
    try (MeterSession session = channel.open(work.meter().id(), Deadline.in(settings.session()))) {
      if (work.turn(Schedule.PROFILES).isPresent()) {
        Optional<Instant> corrected =
            work.turn(Schedule.PROFILES).flatMap(CollectionTurn::corrected);
        read = Optional.of(clocks.look(work.meter().id(), session, corrected));
      }
      if (work.turn(Schedule.BILLING).isPresent()) {
        billing(work, session, told);
        daily.look(work.meter().id(), session);
        done.add(Schedule.BILLING);
      }
      if (work.turn(Schedule.PROFILES).isPresent()) {
        profiles(work, session, told);
        done.add(Schedule.PROFILES);
      }
    } catch (ChannelException e) {
      return new TurnOutcome(work, began, done, Optional.of(e.fault()), read);
    } finally {
      metrics.session(System.nanoTime() - start);
    }
    return new TurnOutcome(work, began, done, Optional.empty(), read);
  }

  private void billing(CollectionWork work, MeterSession session, Consumer<Message> told)
      throws ChannelException, InterruptedException {
    if (work.offer().billing().isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    Instant since = work.since(Schedule.BILLING, now.minus(settings.backfill()));
    // a day more: registers are kept at a day's end, and a month's end lies further back
    read(session, work.offer().billing(), since.minus(Duration.ofDays(1)), now, told, true);
  }

  private void profiles(CollectionWork work, MeterSession session, Consumer<Message> told)
      throws ChannelException, InterruptedException {
    Optional<Instant> givenUp = work.turn(Schedule.PROFILES).flatMap(CollectionTurn::givenUp);
    for (CollectionWork.ProfileGaps profile : work.gaps()) {
      List<ObisCode> object = List.of(profile.profile().object());
      for (Range gap : wanted(profile, givenUp)) {
        read(session, object, gap.from(), gap.to(), told, false);
      }
    }
    Instant now = clock.instant();
    Instant since = work.since(Schedule.PROFILES, now.minus(settings.backfill()));
    for (ObisCode log : work.offer().events()) {
      // a meter whose clock is fast dates what it writes ahead of us
      Instant to = now.plus(settings.settling());
      read(session, List.of(log), since.minus(settings.settling()), to, told, true);
    }
  }

  /** What is asked for: not what was given up, and what lies close together at once. */
  static List<Range> wanted(CollectionWork.ProfileGaps profile, Optional<Instant> givenUp) {
    Duration joined = profile.profile().slot().multipliedBy(JOINED);
    List<Range> wanted = new ArrayList<>();
    for (Range gap : profile.gaps().missing()) {
      Instant from =
          givenUp.isPresent() && givenUp.get().isAfter(gap.from()) ? givenUp.get() : gap.from();
      if (!from.isBefore(gap.to())) {
        continue;
      }
      Range last = wanted.isEmpty() ? null : wanted.getLast();
      if (last != null && Duration.between(last.to(), from).compareTo(joined) <= 0) {
        wanted.set(wanted.size() - 1, new Range(last.from(), gap.to()));
      } else if (wanted.size() < MOST_GAPS) {
        wanted.add(new Range(from, gap.to()));
      }
    }
    return wanted;
  }

  /**
   * Reads objects, to its end.
   *
   * @param optional whether the meter may refuse it: not each has every log and billing profile
   */
  private void read(
      MeterSession session,
      List<ObisCode> objects,
      Instant from,
      Instant to,
      Consumer<Message> told,
      boolean optional)
      throws ChannelException, InterruptedException {
    try (Stream<Message> messages = session.read(new ReadPlan(objects, from, to))) {
      messages.forEach(message -> {
        metrics.read(message);
        told.accept(message);
      });
    } catch (MeterSession.Broken e) {
      if (Thread.interrupted()) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      if (!optional || e.why().fault().code() != Fault.Code.FORBIDDEN) {
        throw e.why();
      }
    }
  }
}
