package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.mdm.billrun.Blocked.Reason;
import org.gridwarden.mdm.ledger.Budgets;
import org.gridwarden.mdm.ledger.Ledger;
import org.gridwarden.mdm.proof.Addressee;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.CanonicalJson;
import org.gridwarden.mdm.proof.DayRecord;
import org.gridwarden.mdm.proof.MeterTime;
import org.gridwarden.mdm.proof.ReceivedRecord;
import org.gridwarden.store.BillBook;
import org.gridwarden.store.EvidenceTree;
import org.gridwarden.store.Store;

/**
 * Issues drafts: commits to their readings, numbers them, and makes each a leaf behind its
 * readings, all in one transaction. Thread-safe.
 */
final class Issuer {
  /** So long after a period messages count as its late ones. */
  private static final int LATE_DAYS = 45;

  private static final Actor BILLING = Actor.system("billing");

  private final Store store;
  private final EvidenceOffice evidence;
  private final Supplies supplies;
  private final InstantSource clock;
  private final Ledger ledger;
  private final Budgets budgets;

  Issuer(Store store, EvidenceOffice evidence, Supplies supplies, InstantSource clock) {
    this.store = store;
    this.evidence = evidence;
    this.supplies = supplies;
    this.clock = clock;
    this.ledger = new Ledger(store.unitOfWork(), store.ledger());
    this.budgets = new Budgets(store, ledger, clock);
  }

  /**
   * What a bill takes the place of.
   *
   * @param number the bill that was taken back
   * @param edition how often the period was billed before
   */
  record After(String number, String reason, int edition) {
    static final After NOTHING = new After("", "", 0);
  }

  /**
   * Whether an account's period at a service point was billed before.
   *
   * @return the bill that stands; empty where none does
   * @throws Blocked where another bill covers a part of it
   */
  static Optional<BillBook.Head> standing(
      List<BillBook.Head> touching, String account, Period period) throws Blocked {
    for (BillBook.Head head : touching) {
      if (!head.stands()) {
        continue;
      }
      if (head.account().equals(account)
          && head.from().equals(period.from())
          && head.to().equals(period.to())) {
        return Optional.of(head);
      }
      throw new Blocked(
          Reason.OVERLAPS,
          "bill "
              + head.number()
              + " covers "
              + head.from()
              + " to "
              + head.to().minusDays(1)
              + " at this service point: correct that one, or bill the days beside it");
    }
    return Optional.empty();
  }

  /** How often an account's period at a service point was billed. */
  static int editions(List<BillBook.Head> touching, String account, Period period) {
    return touching.stream()
        .filter(h -> h.kind() == BillBook.Kind.BILL && h.account().equals(account))
        .filter(h -> h.from().equals(period.from()) && h.to().equals(period.to()))
        .mapToInt(BillBook.Head::edition)
        .max()
        .orElse(0);
  }

  /**
   * Issues a draft, in a transaction that holds all billing.
   *
   * @param pending days that were committed to in this transaction
   * @return its number
   */
  String issue(
      Tx tx,
      UUID run,
      Draft draft,
      After after,
      Map<EvidenceOffice.PendingDay, DayRecord> pending) {
    List<EvidenceTree.Fresh> fresh = new ArrayList<>();
    List<DayRecord> days = new ArrayList<>();
    draft
        .days()
        .forEach((meter, its) -> {
          days.addAll(evidence.settle(meter, its, fresh, pending));
        });
    store.evidenceTree().append(tx, fresh);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Supplies.Person person =
        supplies.person(draft.account()).orElse(new Supplies.Person("", List.of()));
    Addressee addressee = new Addressee(person.name(), person.address(), salt());
    BillDocument bill =
        new BillDocument(
            number(tx, now),
            BillDocument.BILL,
            now,
            evidence.name(),
            new BillDocument.Customer(draft.account(), addressee.commitment()),
            draft.servicePoint(),
            draft.zone(),
            draft.from(),
            draft.to(),
            after.number(),
            after.reason(),
            draft.currency(),
            draft.total(),
            draft.parts(),
            draft.times(),
            days,
            received(draft, now),
            salt());
    keep(tx, run, bill, after.edition() + 1, Optional.of(addressee));
    enter(tx, bill, draft);
    return bill.number();
  }

  /** Takes a bill back; returns the credit's number. */
  String credit(Tx tx, UUID run, BillBook.Stored stored, BillDocument old, String reason) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    BillDocument credit =
        new BillDocument(
            number(tx, now),
            BillDocument.CREDIT,
            now,
            evidence.name(),
            old.customer(),
            old.servicePoint(),
            old.zone(),
            old.from(),
            old.to(),
            old.number(),
            reason,
            old.currency(),
            old.total().negate(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            salt());
    keep(tx, run, credit, stored.head().edition(), stored.customer().map(Addressee::of));
    if (old.total().signum() != 0) {
      var unused =
          ledger.enter(
              tx,
              new Ledger.Entry(
                  old.customer().account(),
                  old.to().minusDays(1),
                  Ledger.Kind.CORRECTION,
                  old.total(),
                  old.currency(),
                  credit.number(),
                  "takes bill " + old.number() + " back: " + reason),
              null,
              BILLING);
      budgets.credited(
          tx,
          new Ledger.Closing(
              old.customer().account(),
              old.servicePoint(),
              old.from(),
              old.to(),
              old.total(),
              old.currency(),
              old.number()),
          credit.number(),
          BILLING);
    }
    return credit.number();
  }

  /**
   * What is owed goes into the account's ledger; what was charged by the day is given back, and a
   * budget plan takes its bill over.
   */
  private void enter(Tx tx, BillDocument bill, Draft draft) {
    Ledger.Closing closing =
        new Ledger.Closing(
            draft.account(),
            draft.servicePoint(),
            draft.from(),
            draft.to(),
            bill.total(),
            draft.currency(),
            bill.number());
    ledger.close(tx, closing, draft.prepaid().orElse(null), BILLING);
    budgets.billed(tx, closing, BILLING);
  }

  private String number(Tx tx, Instant now) {
    return store.bills().number(tx, now.atZone(ZoneOffset.UTC).getYear());
  }

  private void keep(
      Tx tx, UUID run, BillDocument bill, int edition, Optional<Addressee> addressee) {
    byte[] canonical = CanonicalJson.of(bill.json());
    EvidenceTree.Fresh leaf =
        EvidenceTree.Fresh.bill(
            CanonicalJson.leaf(BillDocument.leaf(bill.number(), CanonicalJson.digest(canonical))));
    long index = store.evidenceTree().append(tx, List.of(leaf)).getFirst();
    store
        .bills()
        .add(
            tx,
            new BillBook.Stored(
                new BillBook.Head(
                    bill.number(),
                    bill.credit() ? BillBook.Kind.CREDIT : BillBook.Kind.BILL,
                    bill.issued(),
                    bill.customer().account(),
                    bill.servicePoint(),
                    bill.from(),
                    bill.to(),
                    edition,
                    bill.total(),
                    bill.currency().getCurrencyCode(),
                    bill.replaces().isEmpty() ? Optional.empty() : Optional.of(bill.replaces()),
                    run,
                    index,
                    Optional.empty()),
                canonical,
                addressee.map(a -> CanonicalJson.of(a.json()))));
  }

  /** What came of the meters in the time that is billed, and late. */
  private List<ReceivedRecord> received(Draft draft, Instant now) {
    List<ReceivedRecord> received = new ArrayList<>();
    Instant begin = draft.from().atStartOfDay(draft.zone()).toInstant();
    for (MeterId meter : draft.days().keySet()) {
      Instant from = Instant.MAX;
      Instant to = Instant.MIN;
      for (MeterTime time : draft.times()) {
        if (time.meter().equals(meter.value())) {
          from = time.from().isBefore(from) ? time.from() : from;
          to = time.to().isAfter(to) ? time.to() : to;
        }
      }
      LocalDate first = LocalDate.ofInstant(from.isBefore(begin) ? begin : from, ZoneOffset.UTC);
      LocalDate late = LocalDate.ofInstant(to, ZoneOffset.UTC).plusDays(LATE_DAYS);
      LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
      received.addAll(evidence.received(meter, first, late.isBefore(today) ? late : today));
    }
    return received;
  }

  private String salt() {
    return HexFormat.of().formatHex(evidence.salt());
  }

  /** What is to be paid, by currency, in words. */
  static String words(Map<String, BigDecimal> totals) {
    StringBuilder words = new StringBuilder();
    totals.forEach((currency, total) ->
        words
            .append(words.isEmpty() ? "" : ", ")
            .append(currency)
            .append(' ')
            .append(total.toPlainString()));
    return words.toString();
  }
}
