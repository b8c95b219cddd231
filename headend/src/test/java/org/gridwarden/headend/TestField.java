package org.gridwarden.headend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.Intake;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.gridwarden.core.Reach;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;
import org.gridwarden.store.CollectionClock;
import org.gridwarden.store.CollectionGaps;
import org.gridwarden.store.CollectionResult;
import org.gridwarden.store.CollectionStore;
import org.gridwarden.store.CollectionTurn;
import org.gridwarden.store.CollectionTurn.Schedule;

/** Meters in a field, the way to them and the office's book, all in memory. */
final class TestField implements Channel, MeterDirectory, CollectionBook, Intake {
  static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  static final ObisCode LOG = ObisCode.parse("0.0.99.98.0.255");
  static final ObisCode SLOTS = ObisCode.parse("1.0.1.29.0.255");
  static final Duration QUARTER = Duration.ofMinutes(15);

  /** The office's clock, which a test moves. */
  static final class TestClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-24T12:10:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    void advance(Duration by) {
      now = now.plus(by);
    }
  }

  /** One meter of the field. */
  static final class TestMeter {
    final Meter meter;
    final List<ReadPlan> asked = new CopyOnWriteArrayList<>();
    final List<Duration> shifts = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    volatile boolean dead;
    volatile boolean here = true;
    volatile int breaksAfter = Integer.MAX_VALUE;
    volatile Instant keeps = Instant.MIN;
    volatile Duration off = Duration.ZERO;
    volatile Assurance assurance = Assurance.MAC;
    volatile Optional<CountDownLatch> holds = Optional.empty();

    TestMeter(Meter meter) {
      this.meter = meter;
    }

    MeterId id() {
      return meter.id();
    }
  }

  final TestClock clock = new TestClock();
  final Map<MeterId, TestMeter> field = new ConcurrentHashMap<>();
  final Map<MeterId, TreeMap<Instant, Slot>> stored = new ConcurrentHashMap<>();
  final Map<MeterId, Map<Schedule, CollectionTurn>> book = new LinkedHashMap<>();
  final Map<MeterId, Map<Schedule, CollectionResult>> results = new ConcurrentHashMap<>();
  final Map<MeterId, CollectionClock> clocks = new ConcurrentHashMap<>();
  final List<Received> told = new CopyOnWriteArrayList<>();
  final List<String> audited = new CopyOnWriteArrayList<>();
  final AtomicInteger open = new AtomicInteger();
  final Map<String, AtomicInteger> openByLink = new ConcurrentHashMap<>();
  final Map<String, Integer> mostByLink = new ConcurrentHashMap<>();
  volatile int most;
  volatile boolean bookFails;

  TestMeter meter(String id, String link) {
    Meter meter =
        new Meter(
            new MeterId(id),
            id,
            new byte[0],
            "street",
            ZoneOffset.UTC,
            Meter.State.ACTIVE,
            Meter.PushPolicy.AUTHENTICATED,
            new Reach("127.0.0.1:4059", link, "", "street"));
    TestMeter made = new TestMeter(meter);
    field.put(meter.id(), made);
    return made;
  }

  /** How many slots are stored of a meter. */
  int slots(TestMeter meter) {
    return stored.getOrDefault(meter.id(), new TreeMap<>()).size();
  }

  private TestMeter of(MeterId id) {
    TestMeter meter = field.get(id);
    if (meter == null) {
      throw new AssertionError("no meter " + id);
    }
    return meter;
  }

  // --- the channel

  @Override
  public ChannelId id() {
    return new ChannelId("test", "field");
  }

  @Override
  public void start(Host host) {}

  @Override
  public boolean reaches(MeterId meter) {
    return of(meter).here;
  }

  @Override
  public Optional<Offer> offer(MeterId meter) {
    return Optional.of(
        new Offer(
            List.of(REGISTER),
            List.of(new Offer.Profile(PROFILE, List.of(SLOTS), QUARTER, Duration.ofDays(10))),
            List.of(LOG)));
  }

  @Override
  public MeterSession open(MeterId id, Deadline deadline)
      throws ChannelException, InterruptedException {
    TestMeter meter = of(id);
    meter.opened.incrementAndGet();
    String link = meter.meter.reach().shared();
    synchronized (this) {
      most = Math.max(most, open.incrementAndGet());
      int now = openByLink.computeIfAbsent(link, l -> new AtomicInteger()).incrementAndGet();
      mostByLink.merge(link, now, Math::max);
    }
    boolean opened = false;
    try {
      if (meter.holds.isPresent()) {
        meter.holds.get().await();
      }
      if (meter.dead) {
        throw fault(id, Fault.Code.TIMEOUT);
      }
      opened = true;
      return new Session(meter);
    } finally {
      if (!opened) {
        end(link);
      }
    }
  }

  private synchronized void end(String link) {
    open.decrementAndGet();
    openByLink.computeIfAbsent(link, l -> new AtomicInteger()).decrementAndGet();
  }

  private static ChannelException fault(MeterId id, Fault.Code code) {
    return new ChannelException(new Fault(code, "meter " + id, "no answer in time"));
  }

  private final class Session implements MeterSession {
    private final TestMeter meter;
    private int exchanges;

    Session(TestMeter meter) {
      this.meter = meter;
    }

    @Override
    public Stream<Message> read(ReadPlan plan) {
      meter.asked.add(plan);
      if (exchanges++ >= meter.breaksAfter) {
        throw new Broken(fault(meter.id(), Fault.Code.TIMEOUT));
      }
      if (plan.channels().contains(LOG)) {
        throw new Broken(fault(meter.id(), Fault.Code.FORBIDDEN)); // it has none
      }
      if (!plan.channels().contains(PROFILE)) {
        return Stream.of();
      }
      List<Slot> slots = new ArrayList<>();
      for (Instant at = plan.from(); at.isBefore(plan.to()); at = at.plus(QUARTER)) {
        if (!at.isBefore(meter.keeps)) {
          slots.add(
              new Slot(SLOTS, at, QUARTER, new ScaledValue(250, 0, Unit.WATT_HOUR), (byte) 0));
        }
      }
      synchronized (stored) {
        TreeMap<Instant, Slot> its = stored.computeIfAbsent(meter.id(), m -> new TreeMap<>());
        slots.forEach(slot -> its.put(slot.start(), slot));
      }
      return Stream.of(new Usage(meter.id(), List.of(), slots, List.of(), List.of()));
    }

    @Override
    public ClockReading clock() {
      return new ClockReading(
          clock.instant().plus(meter.off), clock.instant(), Duration.ofMillis(20), false);
    }

    @Override
    public void shiftClock(Duration by) {
      meter.shifts.add(by);
      meter.off = meter.off.plus(by);
    }

    @Override
    public Assurance assurance() {
      return meter.assurance;
    }

    @Override
    public Receipt send(SignedCommand command) {
      throw new AssertionError("collection sends no commands");
    }

    @Override
    public void close() {
      end(meter.meter.reach().shared());
    }
  }

  @Override
  public Health health() {
    return new Health(Health.State.UP, "");
  }

  @Override
  public void close() {}

  // --- the directory

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.ofNullable(field.get(id)).map(m -> m.meter);
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return Optional.empty();
  }

  // --- the book

  @Override
  public synchronized int enroll(Instant due) {
    field
        .keySet()
        .forEach(id -> {
          Map<Schedule, CollectionTurn> turns = book.computeIfAbsent(id, m -> new TreeMap<>());
          for (Schedule schedule : Schedule.values()) {
            turns.putIfAbsent(
                schedule,
                new CollectionTurn(
                    id, schedule, due, 0, 0, Optional.empty(), Optional.empty(), Optional.empty()));
          }
        });
    return field.size();
  }

  @Override
  public synchronized CollectionStore.Due due(
      Instant now, CollectionStore.Position after, int limit) {
    Map<MeterId, List<CollectionTurn>> due = new LinkedHashMap<>();
    book.forEach((id, turns) -> {
      List<CollectionTurn> its =
          turns.values().stream().filter(t -> !t.due().isAfter(now)).toList();
      if (!its.isEmpty()) {
        due.put(id, its);
      }
    });
    return new CollectionStore.Due(due, Optional.empty());
  }

  @Override
  public synchronized List<CollectionTurn> turns(MeterId meter) {
    return List.copyOf(book.getOrDefault(meter, Map.of()).values());
  }

  @Override
  public List<CollectionGaps> gaps(List<CollectionGaps.Question> questions) {
    return questions.stream().map(this::gaps).toList();
  }

  private CollectionGaps gaps(CollectionGaps.Question q) {
    List<CollectionGaps.Range> missing = new ArrayList<>();
    int expected = 0;
    synchronized (stored) {
      TreeMap<Instant, Slot> its = stored.getOrDefault(q.meter(), new TreeMap<>());
      for (Instant at = q.from(); at.isBefore(q.to()); at = at.plus(q.slot())) {
        expected++;
        if (!its.containsKey(at)) {
          CollectionGaps.Range last = missing.isEmpty() ? null : missing.getLast();
          if (last != null && last.to().equals(at)) {
            missing.set(
                missing.size() - 1, new CollectionGaps.Range(last.from(), at.plus(q.slot())));
          } else {
            missing.add(new CollectionGaps.Range(at, at.plus(q.slot())));
          }
        }
      }
    }
    return new CollectionGaps(q, expected, missing);
  }

  @Override
  public synchronized void settle(List<CollectionResult> all, List<CollectionClock> read) {
    if (bookFails) {
      throw new IllegalStateException("the database is away");
    }
    read.forEach(k -> clocks.put(k.meter(), k));
    for (CollectionResult r : all) {
      results.computeIfAbsent(r.meter(), m -> new ConcurrentHashMap<>()).put(r.schedule(), r);
      CollectionTurn before = book.getOrDefault(r.meter(), Map.of()).get(r.schedule());
      if (before != null) {
        CollectionClock at = clocks.get(r.meter());
        book.computeIfAbsent(r.meter(), m -> new TreeMap<>())
            .put(
                r.schedule(),
                new CollectionTurn(
                    r.meter(),
                    r.schedule(),
                    r.due(),
                    r.failures(),
                    r.asked(),
                    r.fault().isEmpty() ? Optional.of(r.tried()) : before.succeeded(),
                    r.givenUp(),
                    at != null && at.corrected() ? Optional.of(at.read()) : before.corrected()));
      }
    }
  }

  @Override
  public void auditCorrection(MeterId meter, Duration by) {
    audited.add(meter + " " + by.toSeconds());
  }

  // --- intake

  @Override
  public CompletionStage<Outcome> submit(Received message) {
    told.add(message);
    return CompletableFuture.completedFuture(new Outcome.Stored());
  }
}
