package org.gridwarden.mdm.vee;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.MeterQuery;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;

/**
 * Runs of validation and estimation over many meters, one at a time: the night's, and those that
 * people ask for, with how far they are. Thread-safe.
 */
public final class VeeRuns implements AutoCloseable {
  /** The most days that one run looks at. */
  public static final int MOST_DAYS = 62;

  private static final Actor NIGHT = Actor.system("night");

  private final Store store;
  private final NightRun run;
  private final InstantSource clock;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final AtomicReference<Optional<Progress>> last = new AtomicReference<>(Optional.empty());
  private final ExecutorService worker = Executors.newSingleThreadExecutor(VeeRuns::thread);

  public VeeRuns(Store store, RuleBook rules, InstantSource clock) {
    this.store = store;
    this.run = new NightRun(store, rules, clock);
    this.clock = clock;
  }

  /** Its own, whoever asks first: a request's thread would hand its application's loader on. */
  private static Thread thread(Runnable work) {
    Thread thread = Thread.ofPlatform().name("validation").daemon().unstarted(work);
    thread.setContextClassLoader(VeeRuns.class.getClassLoader());
    return thread;
  }

  /**
   * How far a run is.
   *
   * @param by who asked for it
   * @param started when
   * @param ended when it was over; empty while it is under way
   * @param days how many days that are over it looks at, up to yesterday by each meter's zone
   * @param meters how many meters it looks at
   * @param done how many of them it has looked at
   * @param findings how many findings there are in these days
   * @param versions how many versions of slots were added
   * @param opened how many findings people have to look at that they had not to before
   * @param failed how many meters could not be looked at
   * @param firstFailure the first of them, and why; empty where there is none
   */
  public record Progress(
      Actor by,
      Instant started,
      Optional<Instant> ended,
      int days,
      int meters,
      int done,
      int findings,
      int versions,
      int opened,
      int failed,
      String firstFailure) {
    private Progress with(NightRun.Outcome outcome) {
      return new Progress(
          by,
          started,
          ended,
          days,
          meters,
          done + 1,
          findings + outcome.findings().size(),
          versions + outcome.versions(),
          opened + outcome.opened(),
          failed,
          firstFailure);
    }

    private Progress with(String failure) {
      return new Progress(
          by,
          started,
          ended,
          days,
          meters,
          done + 1,
          findings,
          versions,
          opened,
          failed + 1,
          firstFailure.isEmpty() ? failure : firstFailure);
    }

    private Progress ended(Instant at) {
      return new Progress(
          by,
          started,
          Optional.of(at),
          days,
          meters,
          done,
          findings,
          versions,
          opened,
          failed,
          firstFailure);
    }
  }

  /** The run under way, or the last one since the start. */
  public Optional<Progress> last() {
    return last.get();
  }

  /**
   * Starts a run over all meters in service, or over one, and does not wait for it.
   *
   * @param days how many days that are over, 1 to {@link #MOST_DAYS}
   * @return how it begins; empty where another one is under way
   * @throws IllegalArgumentException where days is out of its range
   */
  public Optional<Progress> start(Optional<MeterId> meter, int days, Actor by) {
    if (days < 1 || days > MOST_DAYS) {
      throw new IllegalArgumentException("days is 1 to " + MOST_DAYS + ", not " + days);
    }
    if (!busy.compareAndSet(false, true)) {
      return Optional.empty();
    }
    boolean handed = false;
    try {
      List<Meter> meters = meters(one -> meter.map(one.id()::equals).orElse(true));
      Progress begun = begin(by, days, meters.size());
      worker.execute(() -> sweep(begun, meters));
      handed = true;
      return Optional.of(begun);
    } finally {
      if (!handed) {
        busy.set(false);
      }
    }
  }

  /** Runs over a zone's meters, and waits; empty where another one is under way. */
  Optional<Progress> night(ZoneId zone, int days) {
    if (!busy.compareAndSet(false, true)) {
      return Optional.empty();
    }
    boolean begun = false;
    try {
      List<Meter> meters = meters(one -> one.zone().equals(zone));
      Progress progress = begin(NIGHT, days, meters.size());
      begun = true;
      return Optional.of(sweep(progress, meters));
    } finally {
      if (!begun) {
        busy.set(false);
      }
    }
  }

  private Progress begin(Actor by, int days, int meters) {
    Progress begun =
        new Progress(by, clock.instant(), Optional.empty(), days, meters, 0, 0, 0, 0, 0, "");
    last.set(Optional.of(begun));
    return begun;
  }

  private Progress sweep(Progress begun, List<Meter> meters) {
    Progress now = begun;
    try {
      Neighbourhood around = Neighbourhood.of(store);
      for (Meter meter : meters) {
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), meter.zone());
        try {
          now =
              now.with(
                  run.run(
                      meter.id(),
                      RuleBook.USUAL,
                      meter.zone(),
                      today.minusDays(begun.days()),
                      today,
                      around));
        } catch (StoreException | IllegalArgumentException e) {
          now = now.with(meter.id() + ": " + e.getMessage());
        }
        last.set(Optional.of(now));
      }
      return now;
    } finally {
      last.set(Optional.of(now.ended(clock.instant())));
      busy.set(false);
    }
  }

  private List<Meter> meters(Predicate<Meter> which) {
    MeterQuery active = new MeterQuery("", Set.of(Meter.State.ACTIVE), List.of(), 0, 1000);
    try (var rows = store.meters().stream(active)) {
      return rows.map(row -> row.meter()).filter(which).toList();
    }
  }

  /** Ends the run under way after its meter, ten seconds at most. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      worker.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
