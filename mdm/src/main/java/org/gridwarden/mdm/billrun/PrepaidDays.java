package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.mdm.proof.TariffParser;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Charges by the day whoever pays beforehand, once a night after validation, for the week before. A
 * day is charged once, whenever and however often this runs; one that cannot be reckoned yet is
 * tried again the next night, and what was never charged is in the month's bill all the same. Not
 * thread-safe.
 */
public final class PrepaidDays {
  private static final Logger LOG = LoggerFactory.getLogger(PrepaidDays.class);
  private static final Actor CHARGING = Actor.system("prepayment");

  /** At this hour by the meters' own clock: they are validated and committed to by then. */
  private static final int HOUR = 6;

  private static final int DAYS = 7;
  private static final int PAGE = 1_000;

  private final Store store;
  private final EvidenceOffice evidence;
  private final Supplies supplies;
  private final Tariffs tariffs;
  private final TariffParser parser;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Map<ZoneId, LocalDate> done = new HashMap<>();

  /** Over a store. */
  public PrepaidDays(
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
    this.ledger = new Ledger(store.unitOfWork(), store.ledger());
    this.clock = clock;
  }

  /**
   * Looks whether a zone's night has come, and charges.
   *
   * @return how many days of service points were charged
   * @throws IllegalStateException where some could not be for a fault of the office's, after all
   *     others were; they are tried again the next night
   */
  public int look() {
    Map<ZoneId, LocalDate> due = new HashMap<>();
    for (ZoneId zone : store.meters().zones()) {
      ZonedDateTime now = clock.instant().atZone(zone);
      if (now.getHour() >= HOUR && !now.toLocalDate().equals(done.get(zone))) {
        due.put(zone, now.toLocalDate());
      }
    }
    if (due.isEmpty()) {
      return 0;
    }
    Night night = new Night(due);
    night.all();
    done.putAll(due);
    if (night.failed > 0) {
      throw new IllegalStateException(
          night.failed
              + " service points could not be charged; the first was "
              + night.firstFailure);
    }
    return night.charged;
  }

  /** One night. */
  private final class Night {
    private final Map<ZoneId, LocalDate> due;
    private final TariffShelf shelf = new TariffShelf(tariffs, parser);
    private final Drafts drafts = new Drafts(store, evidence, shelf, clock);
    private final Set<String> seen = new HashSet<>();
    private int charged;
    private int failed;
    private String firstFailure = "";

    Night(Map<ZoneId, LocalDate> due) {
      this.due = due;
    }

    void all() {
      Instant now = clock.instant();
      Instant from = now.minusSeconds((DAYS + 1) * 86_400L);
      long after = 0;
      List<Supply> page;
      do {
        page = supplies.inForce(from, now, after, PAGE);
        for (Supply supply : page) {
          after = supply.id();
          try {
            if (prepaid(supply) && seen.add(supply.account() + "\n" + supply.servicePoint())) {
              point(supply.account(), supply.servicePoint());
            }
          } catch (StoreException | IllegalArgumentException | ArithmeticException e) {
            failed++;
            firstFailure =
                firstFailure.isEmpty()
                    ? supply.servicePoint() + ": " + e.getMessage()
                    : firstFailure;
          }
        }
      } while (page.size() == PAGE);
    }

    /** Whether it may be, on a day of the week: known from its tariff alone. */
    private boolean prepaid(Supply supply) {
      LocalDate today = due.values().iterator().next();
      for (LocalDate day = today.minusDays(DAYS + 1); !day.isAfter(today); day = day.plusDays(1)) {
        try {
          if (shelf.prepaid(supply.tariff(), day).isPresent()) {
            return true;
          }
        } catch (Blocked e) {
          // no version on that day: its month's bill says so
        }
      }
      return false;
    }

    private void point(String account, String point) {
      List<Supply> its =
          supplies.at(point).stream().filter(s -> s.account().equals(account)).toList();
      try {
        ZoneId zone = drafts.zone(point);
        LocalDate today = due.get(zone);
        if (today == null) {
          return;
        }
        Optional<Period> period =
            Drafts.supplied(its, zone, new Period(today.minusDays(DAYS), today));
        if (period.isEmpty()) {
          return;
        }
        List<LocalDate> days = period.get().from().datesUntil(period.get().to()).toList();
        Set<String> there =
            store
                .prepaid()
                .entered(account, days.stream().map(d -> Ledger.dayReference(point, d)).toList());
        for (LocalDate day : days) {
          if (!there.contains(Ledger.dayReference(point, day))) {
            day(account, point, its, zone, day);
          }
        }
      } catch (Blocked e) {
        LOG.info("prepayment: {} is not charged: {}", point, e.detail());
      }
    }

    private void day(String account, String point, List<Supply> its, ZoneId zone, LocalDate day) {
      if (billed(store.bills().touching(point, day, day.plusDays(1)))) {
        return;
      }
      try {
        Optional<Drafts.DayCost> cost = drafts.day(point, its, zone, day);
        if (cost.isPresent() && cost.get().amount().signum() > 0) {
          charged += enter(account, point, day, cost.get()) ? 1 : 0;
        } // a day that earns something is settled by the bill
      } catch (Blocked e) {
        LOG.info("prepayment: {}, {} is not charged yet: {}", point, day, e.detail());
      }
    }

    private boolean enter(String account, String point, LocalDate day, Drafts.DayCost cost) {
      BigDecimal amount = cost.amount().negate();
      return store
          .unitOfWork()
          .call(tx -> {
            store.bills().hold(tx); // no bill of this day comes in between
            if (billed(store.bills().touching(tx, point, day, day.plusDays(1)))) {
              return false;
            }
            var _ =
                ledger.enter(
                    tx,
                    new Ledger.Entry(
                        account,
                        day,
                        Ledger.Kind.CHARGE,
                        amount,
                        cost.currency(),
                        Ledger.dayReference(point, day),
                        ""),
                    cost.limits(),
                    CHARGING);
            return true;
          });
    }

    private static boolean billed(List<org.gridwarden.store.BillBook.Head> touching) {
      return touching.stream().anyMatch(org.gridwarden.store.BillBook.Head::stands);
    }
  }
}
