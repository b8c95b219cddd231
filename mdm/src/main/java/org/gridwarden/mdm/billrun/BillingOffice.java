package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.ProofException;
import org.gridwarden.mdm.proof.ProofFiles;
import org.gridwarden.mdm.proof.TariffParser;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bills customers from what is stored. One run at a time; each customer's bill is on its own, so a
 * run that ends early is run again, and what was billed stays. What cannot be billed is blocked,
 * with its reason, and holds up nobody else. Thread-safe.
 */
public final class BillingOffice {
  private static final Logger LOG = LoggerFactory.getLogger(BillingOffice.class);

  /** So many bills are issued in one transaction. */
  private static final int AT_ONCE = 50;

  private static final int PAGE = 1_000;

  private final Store store;
  private final EvidenceOffice evidence;
  private final Supplies supplies;
  private final Tariffs tariffs;
  private final TariffParser parser;
  private final Issuer issuer;
  private final InstantSource clock;
  private final ReentrantLock running = new ReentrantLock();

  /** Over a store. */
  public BillingOffice(
      Store store,
      EvidenceOffice evidence,
      Supplies supplies,
      Tariffs tariffs,
      TariffParser parser,
      InstantSource clock) {
    this.store = store;
    this.evidence = evidence;
    this.supplies = supplies;
    this.tariffs = tariffs;
    this.parser = parser;
    this.issuer = new Issuer(store, evidence, supplies, clock);
    this.clock = clock;
  }

  /**
   * What is to be billed.
   *
   * @param servicePoints these only; empty: all
   * @param dry whether it is only reckoned
   */
  public record Order(Period period, Set<String> servicePoints, boolean dry) {
    public Order {
      servicePoints = Set.copyOf(servicePoints);
    }
  }

  /** Begins a run; {@link #work} does it. */
  public BillBook.Run begin(Order order, Actor by) {
    BillBook.Run run =
        new BillBook.Run(
            UUID.randomUUID(),
            clock.instant(),
            Optional.empty(),
            order.period().from(),
            order.period().to(),
            order.dry(),
            by.name(),
            0,
            0,
            0,
            0,
            "",
            "");
    store.bills().begin(run);
    return run;
  }

  /** Whether a run is under way. */
  public boolean busy() {
    return running.isLocked();
  }

  /**
   * Does a run that was begun, after any other.
   *
   * @return how it ended
   */
  public BillBook.Run work(BillBook.Run begun, Order order) {
    running.lock();
    try {
      Work work = new Work(begun, order);
      try {
        work.all();
        return work.end("");
      } catch (StoreException e) {
        LOG.error("billing run {} ended early", begun.id(), e);
        return work.end(String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        LOG.error("billing run {} ended early", begun.id(), e);
        return work.end("unexpected " + e.getClass().getSimpleName() + ": see the server's log");
      }
    } finally {
      running.unlock();
    }
  }

  /** Begins a run and does it. */
  public BillBook.Run run(Order order, Actor by) {
    return work(begin(order, by), order);
  }

  /**
   * What a correction made.
   *
   * @param credit the credit's number
   * @param bill the new bill's
   */
  public record Correction(String credit, String bill) {}

  /**
   * Takes a bill back and bills its period again, both or neither.
   *
   * @param reason why; it stands on both
   * @throws Blocked where the period cannot be billed now
   * @throws IllegalArgumentException where there is no such bill, or it does not stand
   */
  public Correction correct(String number, String reason, Actor by) throws Blocked {
    BillBook.Stored stored = standing(number);
    BillDocument old = document(stored);
    Period period = new Period(old.from(), old.to());
    Order order = new Order(period, Set.of(old.servicePoint()), false);
    running.lock();
    try {
      Drafts drafts = drafts();
      List<Supply> its =
          supplies.at(old.servicePoint()).stream()
              .filter(s -> s.account().equals(old.customer().account()))
              .toList();
      Draft draft =
          drafts.of(old.customer().account(), old.servicePoint(), its, old.zone(), period);
      BillBook.Run run = begin(order, by);
      Correction done =
          evidence.exclusively(tx -> {
            store.bills().hold(tx);
            if (!standing(number).head().stands()) {
              throw new IllegalArgumentException("bill " + number + " was taken back already");
            }
            String credit = issuer.credit(tx, run.id(), stored, old, reason);
            String bill =
                issuer.issue(
                    tx,
                    run.id(),
                    draft,
                    new Issuer.After(number, reason, stored.head().edition()),
                    new HashMap<>());
            note(tx, by, "bill.corrected", number + " by " + credit + " and " + bill);
            return new Correction(credit, bill);
          });
      evidence.sign();
      store
          .unitOfWork()
          .call(tx -> {
            store
                .bills()
                .note(
                    tx,
                    new BillBook.Run(
                        run.id(),
                        run.started(),
                        Optional.of(clock.instant()),
                        run.from(),
                        run.to(),
                        false,
                        run.by(),
                        1,
                        1,
                        0,
                        0,
                        Issuer.words(Map.of(draft.currency().getCurrencyCode(), draft.total())),
                        ""),
                    List.of());
            return run;
          });
      return done;
    } finally {
      running.unlock();
    }
  }

  private BillBook.Stored standing(String number) {
    BillBook.Stored stored =
        store
            .bills()
            .find(number)
            .orElseThrow(() -> new IllegalArgumentException("there is no bill " + number));
    if (!stored.head().stands()) {
      throw new IllegalArgumentException(
          stored.head().kind() == BillBook.Kind.CREDIT
              ? number + " is a credit: what it took back stays taken back"
              : "bill "
                  + number
                  + " was taken back by "
                  + stored.head().creditedBy().orElse("a credit"));
    }
    return stored;
  }

  private static BillDocument document(BillBook.Stored stored) {
    try {
      return ProofFiles.document(stored.document());
    } catch (ProofException e) {
      throw new IllegalStateException("bill " + stored.head().number() + ": " + e.getMessage(), e);
    }
  }

  private Drafts drafts() {
    return new Drafts(store, evidence, new TariffShelf(tariffs, parser), clock);
  }

  private void note(Tx tx, Actor by, String action, String detail) {
    store
        .auditLog()
        .append(tx, by, action, detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** One run. */
  private final class Work {
    private final BillBook.Run begun;
    private final Order order;
    private final Drafts drafts = drafts();
    private final List<Draft> ready = new ArrayList<>();
    private final List<BillBook.Blocked> blocked = new ArrayList<>();
    private final Map<String, BigDecimal> totals = new TreeMap<>();
    private long points;
    private long billed;
    private long before;
    private long held;

    Work(BillBook.Run begun, Order order) {
      this.begun = begun;
      this.order = order;
    }

    void all() {
      if (order.servicePoints().isEmpty()) {
        // a civil day begins at most a day before or after the same date in UTC
        Instant from = order.period().from().minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant to = order.period().to().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        long after = 0;
        List<Supply> page;
        do {
          page = supplies.inForce(from, to, after, PAGE);
          for (Supply supply : page) {
            after = supply.id();
            if (first(supply, from, to)) {
              point(supply.servicePoint(), Optional.of(supply.account()));
            }
          }
        } while (page.size() == PAGE);
      } else {
        for (String point : new TreeSet<>(order.servicePoints())) {
          point(point, Optional.empty());
        }
      }
      issue();
    }

    /** Whether a supply is the first of its account and service point that the run comes to. */
    private boolean first(Supply supply, Instant from, Instant to) {
      return supplies.at(supply.servicePoint()).stream()
              .filter(s -> s.account().equals(supply.account()))
              .filter(s -> s.since().isBefore(to) && s.until().map(from::isBefore).orElse(true))
              .mapToLong(Supply::id)
              .min()
              .orElse(supply.id())
          == supply.id();
    }

    private void point(String point, Optional<String> only) {
      Map<String, List<Supply>> byAccount = new LinkedHashMap<>();
      for (Supply supply : supplies.at(point)) {
        if (only.map(supply.account()::equals).orElse(true)) {
          byAccount.computeIfAbsent(supply.account(), a -> new ArrayList<>()).add(supply);
        }
      }
      if (byAccount.isEmpty()) {
        points++;
        block(
            point,
            "",
            new Blocked(
                Blocked.Reason.AGREEMENT, "nobody is supplied at " + point + ": move somebody in"));
      }
      byAccount.forEach((account, its) -> account(point, account, its));
    }

    private void account(String point, String account, List<Supply> its) {
      try {
        ZoneId zone = drafts.zone(point);
        Optional<Period> period = Drafts.supplied(its, zone, order.period());
        if (period.isEmpty()) {
          return;
        }
        points++;
        List<BillBook.Head> touching =
            store.bills().touching(point, period.get().from(), period.get().to());
        if (Issuer.standing(touching, account, period.get()).isPresent()) {
          before++;
          return;
        }
        Draft draft = drafts.of(account, point, its, zone, period.get());
        if (order.dry()) {
          count(draft);
        } else {
          ready.add(draft);
        }
      } catch (Blocked e) {
        block(point, account, e);
      }
      if (ready.size() >= AT_ONCE || points % AT_ONCE == 0) {
        issue();
      }
    }

    private void block(String point, String account, Blocked why) {
      held++;
      blocked.add(new BillBook.Blocked(point, account, why.reason().word(), why.detail()));
    }

    private void count(Draft draft) {
      billed++;
      totals.merge(draft.currency().getCurrencyCode(), draft.total(), BigDecimal::add);
    }

    private void issue() {
      evidence.exclusively(tx -> {
        store.bills().hold(tx);
        Map<EvidenceOffice.PendingDay, DayRecord> pending = new HashMap<>();
        for (Draft draft : ready) {
          Period period = new Period(draft.from(), draft.to());
          List<BillBook.Head> touching =
              store.bills().touching(tx, draft.servicePoint(), draft.from(), draft.to());
          try {
            if (Issuer.standing(touching, draft.account(), period).isPresent()) {
              before++;
              continue;
            }
          } catch (Blocked e) {
            block(draft.servicePoint(), draft.account(), e);
            continue;
          }
          int edition = Issuer.editions(touching, draft.account(), period);
          var unused =
              issuer.issue(tx, begun.id(), draft, new Issuer.After("", "", edition), pending);
          count(draft);
        }
        store.bills().note(tx, now(Optional.empty(), ""), blocked);
        return ready.size();
      });
      ready.clear();
      blocked.clear();
      if (!order.dry()) {
        evidence.sign();
      }
    }

    BillBook.Run end(String failure) {
      BillBook.Run ended = now(Optional.of(clock.instant()), failure);
      store
          .unitOfWork()
          .call(tx -> {
            store.bills().note(tx, ended, List.of());
            if (!order.dry()) {
              note(
                  tx,
                  new Actor(Actor.Kind.PERSON, begun.by()),
                  "bill.run",
                  begun.id() + ": " + billed + " billed, " + held + " blocked");
            }
            return ended;
          });
      return ended;
    }

    private BillBook.Run now(Optional<Instant> ended, String failure) {
      return new BillBook.Run(
          begun.id(),
          begun.started(),
          ended,
          begun.from(),
          begun.to(),
          begun.dry(),
          begun.by(),
          points,
          billed,
          before,
          held,
          Issuer.words(totals),
          failure);
    }
  }
}
