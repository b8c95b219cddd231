package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * The money of one account (IEC 62056-6-2 clause 4.6): how top-ups fall to charges and credits, and
 * how charges are taken from credits by priority. One lock guards the account, its credits and its
 * charges, so that what leaves one place has reached the other whenever somebody looks: the
 * credits' sum, less what they lent, is what was topped up less what the charges were paid.
 */
final class Ledger {
  /** Whether credit is there, as the account shows and the supply is told. */
  record Standing(boolean any, boolean low) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final PaymentSupply supply;
  private final InstantSource clock;
  private final ZoneId zone;
  private final int scale;
  private final AccountTerms terms = new AccountTerms();
  private final List<Credit> credits = new ArrayList<>();
  private final List<Charge> charges = new ArrayList<>();
  private boolean prepayment;
  private boolean open;
  private Standing told = new Standing(true, false);
  private Instant provisionFrom = Instant.MIN;
  private long provided;

  Ledger(PaymentSupply supply, InstantSource clock, ZoneId zone, int scale) {
    this.supply = supply;
    this.clock = clock;
    this.zone = zone;
    this.scale = scale;
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Sets an amount that decides which credit is used. */
  AccessResult change(TypedAttribute attribute, DlmsData value) {
    return locked(() -> {
      AccessResult result = attribute.set(value);
      settle();
      return result;
    });
  }

  AccountTerms terms() {
    return terms;
  }

  int scale() {
    return scale;
  }

  Instant now() {
    return clock.instant();
  }

  CosemDateTime dateTime() {
    return CosemDateTime.of(now(), zone);
  }

  /** The instant that an octet string formatted as date-time says; empty for wildcards. */
  Optional<Instant> instant(TypedAttribute attribute) {
    return CosemDateTime.of(attribute.bytes(), 0)
        .instant(zone, CosemDateTime.DeviationSign.STANDARD);
  }

  void add(Credit credit) {
    credits.add(credit);
    credits.sort(Comparator.comparingInt(Credit::priority));
    settle();
  }

  void add(Charge charge) {
    charges.add(charge);
    charges.sort(Comparator.comparingInt(Charge::priority));
  }

  List<Credit> credits() {
    return credits;
  }

  List<Charge> charges() {
    return charges;
  }

  /** Whether the account is active, and by which mode. */
  void open(boolean active, boolean byPrepayment) {
    open = active;
    prepayment = byPrepayment;
    settle();
  }

  /** Charges by time begin now. */
  void begin() {
    charges.forEach(Charge::begin);
  }

  void empty() {
    credits.forEach(Credit::empty);
    charges.forEach(Charge::empty);
    provided = 0;
    settle();
  }

  // --- which credit is used

  /** Says each credit's status anew, in the order of priority, and tells the supply of changes. */
  void settle() {
    boolean used = false;
    long before = 0;
    for (Credit credit : credits) {
      if (credit.waits()) {
        boolean needed =
            before <= Math.max(credit.threshold(), terms.nextCredit().number()) && open;
        credit.is(needed ? Credit.Status.SELECTABLE : Credit.Status.ENABLED);
        continue;
      }
      if (credit.couldLend() && !used && open) {
        credit.lend();
      }
      if (credit.left() <= 0) {
        credit.is(Credit.Status.EXHAUSTED);
      } else {
        credit.is(used ? Credit.Status.SELECTED : Credit.Status.IN_USE);
        used = true;
        before += Math.max(0, credit.held());
      }
    }
    tell();
  }

  private void tell() {
    if (!open || !prepayment) {
      return;
    }
    Standing now = standing();
    Standing then = told;
    told = now;
    if (now.low() != then.low()) {
      supply.lowCredit(now.low());
    }
    if (now.any() != then.any()) {
      supply.credit(now.any());
    }
  }

  private Standing standing() {
    Optional<Credit> used = used();
    // who had none needs the clearance threshold to have some again
    boolean any = used.isPresent() && (told.any() || available() >= terms.clearance().number());
    boolean low =
        used.isPresent() && (available() <= terms.lowCredit().number() || used.get().warns());
    return new Standing(any, low || !any);
  }

  Optional<Credit> used() {
    return credits.stream().filter(c -> c.now() == Credit.Status.IN_USE).findFirst();
  }

  /** The first credit after the one in use. */
  Optional<Credit> next() {
    int at = used().map(credits::indexOf).orElse(-1);
    return credits.stream()
        .skip(at + 1L)
        .filter(c -> c.now() != Credit.Status.EXHAUSTED)
        .findFirst();
  }

  boolean low() {
    return standing().low();
  }

  /** What the credits that are selected or in use hold. */
  long available() {
    return credits.stream()
        .filter(c -> c.now().usable())
        .mapToLong(c -> Math.max(0, c.held()))
        .sum();
  }

  /** What has to be paid before there is credit again: debts on credits, loans, the clearance. */
  long toClear() {
    long owed = credits.stream().mapToLong(c -> Math.max(Math.max(0, -c.held()), c.owed())).sum();
    return owed + (used().isPresent() ? 0 : Math.max(0, terms.clearance().number()));
  }

  long debt() {
    return charges.stream().mapToLong(Charge::debt).sum();
  }

  // --- taking

  /** Whether a charge may be collected now, from any credit. */
  boolean collects(Charge charge) {
    return open && credits.stream().anyMatch(credit -> collects(charge, credit));
  }

  private boolean collects(Charge charge, Credit credit) {
    return terms
        .collection(charge.identity().logicalName(), credit.identity().logicalName())
        .map(when ->
            (when.disconnected() || !supply.disconnected())
                && (when.loadLimited() || !supply.loadLimited())
                && (when.friendlyCredit() || !supply.friendlyCredit()))
        .orElse(false);
  }

  /**
   * Takes an amount from the credits that the charge is collected from, by priority; what the last
   * of them has not, it owes: the energy is used. A negative amount is given to the first.
   *
   * @return how much was taken: less where a credit would leave the range of a double-long
   */
  long debit(Charge charge, long wanted) {
    List<Credit> from = credits.stream().filter(c -> collects(charge, c)).toList();
    if (!open || wanted == 0 || from.isEmpty()) {
      return 0;
    }
    if (wanted < 0) {
      long given = Math.min(-wanted, Integer.MAX_VALUE - from.getFirst().held());
      from.getFirst().add(given);
      return -given;
    }
    long rest = wanted;
    Credit last = from.stream().filter(c -> !c.waits()).findFirst().orElse(from.getFirst());
    for (Credit credit : from) {
      settle(); // the one before may be exhausted, and this one lend
      if (rest > 0 && credit.now().usable()) {
        long taken = Math.min(rest, credit.left());
        credit.add(-taken);
        rest -= taken;
        last = credit;
      }
    }
    long owed = Math.min(rest, last.held() - Integer.MIN_VALUE);
    last.add(-owed);
    settle();
    return wanted - rest + owed;
  }

  void consume(long quantity, DlmsData.OctetString tariff) {
    for (Charge charge : charges) {
      if (charge.type() == Charge.Type.CONSUMPTION && collects(charge)) {
        charge.consumed(quantity, tariff);
      }
    }
    settle();
  }

  void time() {
    Instant now = now();
    charges.forEach(charge -> charge.time(now));
    settle();
  }

  // --- paying in

  /**
   * Books a top-up, all or nothing: first what charges take of each payment, then what the token
   * gateway's configuration gives to credits, then loans, and the rest to the first credit that
   * takes tokens.
   *
   * @param payment from 1
   * @param agreed asked last, when it would fit: where it says no, nothing is booked
   * @return whether it was booked
   */
  boolean topUp(long payment, Supplier<Boolean> agreed) {
    Optional<Credit> main = credits.stream().filter(c -> c.has(Credit.Option.TOKENS)).findFirst();
    if (!open || payment < 1 || payment > Integer.MAX_VALUE || main.isEmpty()) {
      return false;
    }
    long rest = payment;
    Map<Charge, Long> shares = new LinkedHashMap<>();
    long provision = provision();
    for (Charge charge : charges) {
      if (charge.type() == Charge.Type.PAYMENT) {
        long share = charge.share(payment, Math.min(rest, provision));
        shares.put(charge, share);
        rest -= share;
        provision -= share;
      }
    }
    Map<Credit, Long> additions = new LinkedHashMap<>();
    long forCredits = rest;
    for (Credit credit : credits) {
      long part = forCredits * terms.proportion(credit.identity().logicalName()) / 100;
      additions.put(credit, part);
      rest -= part;
    }
    for (Credit credit : credits) {
      long back = Math.clamp(credit.owed() - additions.getOrDefault(credit, 0L), 0, rest);
      additions.merge(credit, back, Long::sum);
      rest -= back;
    }
    additions.merge(main.get(), rest, Long::sum);
    boolean fits =
        additions.entrySet().stream()
            .allMatch(e -> e.getKey().held() + e.getValue() <= Integer.MAX_VALUE);
    if (!fits || !agreed.get()) {
      return false;
    }
    shares.forEach((charge, share) -> {
      if (share > 0) {
        charge.got(share);
        provided += share;
      }
    });
    additions.forEach(Credit::add);
    settle();
    return true;
  }

  /** How much payment charges may still take in this period; 0 as max_provision sets no limit. */
  private long provision() {
    long most = terms.maxProvision().number();
    if (most == 0) {
      return Long.MAX_VALUE;
    }
    Instant now = now();
    long seconds = Math.max(0, terms.maxProvisionPeriod().number());
    if (provisionFrom.equals(Instant.MIN) || !now.isBefore(provisionFrom.plusSeconds(seconds))) {
      provisionFrom = now;
      provided = 0;
    }
    return Math.max(0, most - provided);
  }
}
