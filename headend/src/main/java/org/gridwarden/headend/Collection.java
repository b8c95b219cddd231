package org.gridwarden.headend;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.store.CollectionStore.Due;
import org.gridwarden.store.CollectionStore.Position;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads meters on schedules: billing registers daily, profiles every few hours with their gaps from
 * the oldest on, events and the clock beside them. What is due and how it went stands in the book;
 * what is missing is reckoned from what is stored. So many meters are read at once, so many over
 * one link; a turn that fails is tried again after a pause that doubles.
 *
 * <p>One thread looks what is due and writes down what is done; each session has a virtual thread.
 * Thread-safe.
 */
public final class Collection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Collection.class);
  private static final int LOOKED_AT = 500;
  private static final int WRITTEN_FROM = 64;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration LINGER = Duration.ofMillis(200);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);
  private static final Duration PARTING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CollectionSettings settings;
  private final CollectionBook book;
  private final MeterDirectory meters;
  private final InstantSource clock;
  private final CollectionPlanner planner;
  private final Settlement settlement;
  private final MeterTurn turn;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final LinkQueues<CollectionWork> queues;
  private final Set<MeterId> known = new HashSet<>(); // waiting, running, or not written down yet
  private final Map<MeterId, Thread> running = new HashMap<>();
  private List<TurnOutcome> finished = new ArrayList<>();
  private Position position = Position.START;
  private boolean changed = true;
  private boolean closed;
  private Optional<Thread> looking = Optional.empty();

  /**
   * Nothing runs before it is started.
   *
   * @param channels the ways to meters, the first that reaches one is taken
   * @param intake where events about clocks go
   * @param dice for pauses
   * @param registry where figures go, under {@code gridwarden.collection}
   */
  public Collection(
      CollectionSettings settings,
      CollectionBook book,
      MeterDirectory meters,
      List<Channel> channels,
      Intake intake,
      InstantSource clock,
      RandomGenerator dice,
      MeterRegistry registry) {
    this.settings = settings;
    this.book = book;
    this.meters = meters;
    this.clock = clock;
    this.queues = new LinkQueues<>(settings.sessions(), settings::limit);
    CollectionMetrics metrics =
        new CollectionMetrics(registry, () -> state().running(), () -> state().waiting());
    this.planner = new CollectionPlanner(book, channels, settings);
    this.settlement = new Settlement(book, planner, settings, metrics, dice);
    this.turn =
        new MeterTurn(
            settings, new ClockWatch(settings.clock(), book, intake, metrics), metrics, clock);
  }

  /**
   * How it stands at this moment.
   *
   * @param running sessions open
   * @param waiting meters that are due and wait for a session
   */
  public record State(int running, int waiting) {}

  /** What else is looked at in a meter's daily session, after its registers. */
  public interface Daily {
    /** Looks. Runs in the session's thread. */
    void look(MeterId meter, MeterSession session) throws ChannelException, InterruptedException;
  }

  /** From now on this is looked at, too. */
  public void daily(Daily look) {
    turn.daily(look);
  }

  /** Sets the schedules to work, where they are enabled. */
  public void start() {
    if (settings.enabled()) {
      looking = Optional.of(Thread.ofPlatform().name("collection").start(this::look));
    }
  }

  /** How it stands at this moment. */
  public State state() {
    lock.lock();
    try {
      return new State(queues.running(), queues.waiting());
    } finally {
      lock.unlock();
    }
  }

  /** Meters have come, gone or changed. */
  public void changed() {
    lock.lock();
    try {
      changed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    while (!isClosed()) {
      Duration rest = LOOK;
      try {
        if (step() > 0) {
          rest = LINGER;
        }
      } catch (RuntimeException e) {
        LOG.warn("collection: what is due cannot be looked up; tried again in a moment", e);
        rest = AFTER_TROUBLE;
      }
      await(rest);
    }
  }

  /** Waits for news; a little longer where only few turns have ended, so that more are together. */
  private void await(Duration rest) {
    lock.lock();
    try {
      long left = rest.toNanos();
      while (!closed && !changed && finished.size() < WRITTEN_FROM && left > 0) {
        boolean before = finished.isEmpty();
        left = news.awaitNanos(left);
        if (before && !finished.isEmpty()) {
          left = Math.min(left, LINGER.toNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks once: writes down what has ended, takes up what is due, and begins what may begin. Called
   * by one thread at a time: the one that {@link #start} made, or one whose clock does not run by
   * itself.
   *
   * @return how many meters were taken up
   */
  public int step() {
    Instant now = clock.instant();
    if (takeChanged()) {
      book.enroll(now);
    }
    settle(now);
    int taken = 0;
    boolean more = true;
    while (more && wantsMore()) {
      Due due = book.due(now, position, LOOKED_AT);
      taken += take(due, now);
      more = due.next().isPresent();
      position = due.next().orElse(Position.START);
    }
    lock.lock();
    try {
      begin();
    } finally {
      lock.unlock();
    }
    return taken;
  }

  private boolean takeChanged() {
    lock.lock();
    try {
      boolean was = changed;
      changed = false;
      return was;
    } finally {
      lock.unlock();
    }
  }

  private boolean wantsMore() {
    lock.lock();
    try {
      return !closed && !queues.full();
    } finally {
      lock.unlock();
    }
  }

  private void settle(Instant now) {
    List<TurnOutcome> ended;
    lock.lock();
    try {
      ended = finished;
      finished = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    if (ended.isEmpty()) {
      return;
    }
    boolean written = false;
    try {
      settlement.settle(ended, now);
      written = true;
    } finally {
      lock.lock();
      try {
        if (written) {
          ended.forEach(outcome -> known.remove(outcome.work().meter().id()));
        } else {
          finished.addAll(ended);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private int take(Due due, Instant now) {
    List<CollectionPlanner.Asked> wanted = new ArrayList<>();
    Map<String, Integer> perLink = new HashMap<>();
    lock.lock();
    try {
      due.turns()
          .forEach((id, turns) -> {
            Meter meter = meters.byId(id).orElse(null);
            if (meter != null && !known.contains(id)) {
              String link = CollectionWork.link(meter);
              if (perLink.merge(link, 1, Integer::sum) <= queues.room(link)) {
                known.add(id);
                wanted.add(new CollectionPlanner.Asked(meter, turns));
              }
            }
          });
    } finally {
      lock.unlock();
    }
    List<CollectionWork> work = List.of();
    try {
      work = planner.plan(wanted, now);
    } finally {
      lock.lock();
      try {
        if (work.isEmpty()) {
          wanted.forEach(asked -> known.remove(asked.meter().id()));
        }
        work.forEach(one -> queues.add(one.link(), one));
        begin();
      } finally {
        lock.unlock();
      }
    }
    return work.size();
  }

  /** Begins what may begin; under the lock. */
  private void begin() {
    while (!closed) {
      Optional<CollectionWork> next = queues.next();
      if (next.isEmpty()) {
        return;
      }
      CollectionWork work = next.get();
      Thread session =
          Thread.ofVirtual().name("collect").unstarted(() -> session(work, message -> {}));
      running.put(work.meter().id(), session);
      session.start();
    }
  }

  private Optional<TurnOutcome> session(CollectionWork work, Consumer<Message> told) {
    Optional<TurnOutcome> outcome = Optional.empty();
    try {
      outcome = Optional.of(turn.run(work, told));
    } catch (InterruptedException e) {
      outcome = broken(work, Fault.Code.BUSY, "it was cancelled");
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        outcome = broken(work, Fault.Code.BUSY, "it was cancelled");
      } else {
        LOG.warn("collection: reading meter {} failed", work.meter().id(), e);
        outcome = broken(work, Fault.Code.INTERNAL, "reading failed: " + e);
      }
    } finally {
      lock.lock();
      try {
        running.remove(work.meter().id());
        queues.done(work.link());
        outcome.ifPresent(finished::add);
        begin();
        news.signalAll();
      } finally {
        lock.unlock();
      }
    }
    return outcome;
  }

  private Optional<TurnOutcome> broken(CollectionWork work, Fault.Code code, String why) {
    return Optional.of(
        new TurnOutcome(
            work,
            clock.instant(),
            Set.of(),
            Optional.of(new Fault(code, "meter " + work.meter().id(), why)),
            Optional.empty()));
  }

  /**
   * Reads a meter now: its clock, registers, what is missing of its profiles, events. What it says
   * is stored as on a schedule. Waits for a place on its link.
   *
   * @return what was read
   * @throws ChannelException where it is not known, is being read just now, or reading fails; what
   *     came before stands
   */
  public List<Message> read(MeterId id) throws ChannelException, InterruptedException {
    Meter meter =
        meters
            .byId(id)
            .filter(m -> m.state() == Meter.State.ACTIVE && m.reach().reads())
            .orElseThrow(() ->
                new ChannelException(
                    new Fault(
                        Fault.Code.CONFLICT,
                        "meter " + id,
                        "it is not read: give it an address or a companion profile first")));
    Instant now = clock.instant();
    CollectionWork work =
        planner.plan(List.of(new CollectionPlanner.Asked(meter, turns(id, now))), now).getFirst();
    place(work);
    List<Message> messages = new ArrayList<>();
    TurnOutcome outcome = session(work, messages::add).orElseThrow();
    if (outcome.fault().isPresent()) {
      throw new ChannelException(outcome.fault().get());
    }
    return messages;
  }

  private List<CollectionTurn> turns(MeterId id, Instant now) {
    List<CollectionTurn> turns = book.turns(id);
    if (!turns.isEmpty()) {
      return turns;
    }
    List<CollectionTurn> fresh = new ArrayList<>();
    for (Schedule schedule : Schedule.values()) {
      fresh.add(
          new CollectionTurn(
              id, schedule, now, 0, 0, Optional.empty(), Optional.empty(), Optional.empty()));
    }
    return fresh;
  }

  private void place(CollectionWork work) throws ChannelException, InterruptedException {
    MeterId id = work.meter().id();
    long left = PATIENCE.toNanos();
    lock.lockInterruptibly();
    try {
      while (closed || known.contains(id) || !queues.take(work.link())) {
        if (closed || left <= 0) {
          throw new ChannelException(
              new Fault(
                  Fault.Code.BUSY,
                  "meter " + id,
                  "it, or all that its link bears, is being read just now; try again later"));
        }
        left = news.awaitNanos(left);
      }
      known.add(id);
      running.put(id, Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a meter's session at once; it is tried again later.
   *
   * @return false where it has none
   */
  public boolean cancel(MeterId id) {
    lock.lock();
    try {
      Thread session = running.get(id);
      if (session != null) {
        session.interrupt();
      }
      return session != null;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all sessions; what was not read to its end stays due. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
      running.values().forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    try {
      if (looking.isPresent()) {
        looking.get().join(PARTING);
      }
      long end = System.nanoTime() + PARTING.toNanos();
      lock.lockInterruptibly();
      try {
        while (!running.isEmpty() && System.nanoTime() < end) {
          var _ = news.await(100, TimeUnit.MILLISECONDS);
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
