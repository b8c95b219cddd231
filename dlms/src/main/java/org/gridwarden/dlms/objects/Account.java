package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Account (class 111, version 0, IEC 62056-6-2 clause 4.6.2): a consumer's credits and charges, and
 * which of them are used. It makes its {@link Credit}s, {@link Charge}s and {@link TokenGateway}s,
 * which are objects of their own beside it.
 *
 * <p>Credits are used in the order of priority, 1 first; one that needs confirmation is selectable
 * as soon as those before it hold no more than its credit_available_threshold. When the last is
 * used up, the {@link PaymentSupply} is told, which disconnects. The account has no thread: who
 * owns the meter calls {@link #consume} with what was used and {@link #tick} at least once a
 * minute.
 *
 * <p>Thread-safe: one lock guards the account with all its credits and charges.
 */
public final class Account extends InterfaceObject {
  /** How is paid, numbered as payment_mode. */
  public enum Mode {
    CREDIT(1),
    PREPAYMENT(2);

    private final int code;

    Mode(int code) {
      this.code = code;
    }
  }

  /** Where the account stands, numbered as account_status. */
  public enum Status {
    NEW(1),
    ACTIVE(2),
    CLOSED(3);

    private final int code;

    Status(int code) {
      this.code = code;
    }
  }

  /**
   * In what amounts are.
   *
   * @param name such as {@code "EUR"}, at most 16 characters
   * @param scale amounts are 10^n of the unit; -12 to 12
   * @param unit 0 time, 1 consumption, 2 money
   */
  public record Currency(String name, int scale, int unit) {
    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.Utf8String(name),
          new DlmsData.Integer8(scale),
          new DlmsData.Enumerated(unit));
    }
  }

  private static final AttributeType CURRENCY =
      AttributeType.structure(
          AttributeType.utf8(16), AttributeType.integer(-12, 12), AttributeType.enumerated(2));
  private static final int NO_CREDIT = 255;

  private final Ledger ledger;
  private final Mode mode;
  private final TypedAttribute activation;
  private final TypedAttribute closure;
  private Status status = Status.NEW; // guarded by the ledger's lock

  /**
   * @param zone the meter's, in which times are shown
   * @throws IllegalArgumentException outside the currency's ranges
   */
  public Account(
      ObisCode logicalName,
      Mode mode,
      Currency currency,
      PaymentSupply supply,
      InstantSource clock,
      ZoneId zone) {
    super(111, 0, logicalName, 19, 3);
    this.mode = mode;
    TypedAttribute money = new TypedAttribute(CURRENCY, currency.data());
    this.ledger = new Ledger(supply, clock, zone, currency.scale());
    AccountTerms terms = ledger.terms();
    attribute(
        2,
        () ->
            DlmsData.Structure.of(
                new DlmsData.Enumerated(mode.code), new DlmsData.Enumerated(status().code)));
    attribute(3, () -> ledger.locked(this::inUse));
    attribute(4, () -> ledger.locked(this::creditStatus));
    attribute(5, () -> amount(ledger.locked(ledger::available)));
    attribute(6, () -> amount(ledger.locked(ledger::toClear)));
    term(7, terms.clearance());
    attribute(8, () -> amount(ledger.locked(ledger::debt)));
    attribute(9, () -> ledger.locked(() -> names(ledger.credits())));
    attribute(10, () -> ledger.locked(() -> names(ledger.charges())));
    term(11, terms.collections());
    term(12, terms.gateway());
    this.activation = time(13);
    this.closure = time(14);
    attribute(15, money::value);
    term(16, terms.lowCredit());
    term(17, terms.nextCredit());
    term(18, terms.maxProvision());
    term(19, terms.maxProvisionPeriod());
    method(1, () -> ledger.locked(this::activate));
    method(2, () -> ledger.locked(this::close));
    method(3, () -> ledger.locked(this::reset));
  }

  private void term(int attribute, TypedAttribute term) {
    attribute(attribute, term::value, value -> ledger.change(term, value));
  }

  private TypedAttribute time(int attribute) {
    return stored(
        attribute,
        AttributeType.dateTimeOctets(),
        DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED));
  }

  // --- what belongs to it

  /**
   * A credit of this account.
   *
   * @param priority 1 to 255, 1 is used first
   * @param preset what it lends when it is selected, or has after each renewal; from 0
   */
  public Credit credit(
      ObisCode logicalName,
      Credit.Type type,
      int priority,
      Set<Credit.Option> options,
      int preset) {
    return ledger.locked(() -> {
      Credit credit = new Credit(ledger, logicalName, type, priority, options, preset);
      ledger.add(credit);
      return credit;
    });
  }

  /**
   * A charge of this account.
   *
   * @param priority 1 to 255, 1 is collected first
   */
  public Charge charge(
      ObisCode logicalName, Charge.Type type, int priority, Charge.UnitCharge prices) {
    return ledger.locked(() -> {
      Charge charge = new Charge(ledger, logicalName, type, priority, prices);
      ledger.add(charge);
      return charge;
    });
  }

  /** A way for tokens into this account. */
  public TokenGateway gateway(ObisCode logicalName, TokenVerifier verifier) {
    return new TokenGateway(ledger, logicalName, verifier);
  }

  // --- what happens

  /**
   * Energy was used.
   *
   * @param quantity in the commodity's unit, as Wh; from 0
   * @param tariff the index of the price that holds
   * @throws IllegalArgumentException where the quantity is negative
   */
  public void consume(long quantity, DlmsData.OctetString tariff) {
    if (quantity < 0) {
      throw new IllegalArgumentException("a quantity is not negative");
    }
    ledger.locked(() -> {
      ledger.consume(quantity, tariff);
      return true;
    });
  }

  /** Time has passed: what is due by time is collected, what was planned takes effect. */
  public void tick() {
    ledger.locked(() -> {
      Instant now = ledger.now();
      if (status == Status.NEW && reached(activation, now)) {
        ledger.begin();
        become(Status.ACTIVE);
      }
      ledger.time();
      if (status == Status.ACTIVE && reached(closure, now)) {
        become(Status.CLOSED);
      }
      return true;
    });
  }

  private boolean reached(TypedAttribute time, Instant now) {
    return ledger.instant(time).filter(at -> !at.isAfter(now)).isPresent();
  }

  /** Where the account stands. */
  public Status status() {
    return ledger.locked(() -> status);
  }

  /** Whether a credit is in use. */
  public boolean inCredit() {
    return ledger.locked(() -> ledger.used().isPresent());
  }

  private void become(Status next) {
    status = next;
    ledger.open(next == Status.ACTIVE, mode == Mode.PREPAYMENT);
  }

  /** 1, activate_account: a new one; again changes nothing. */
  private AccessResult activate() {
    if (status == Status.CLOSED) {
      return AccessResult.READ_WRITE_DENIED;
    }
    if (status == Status.NEW) {
      activation.put(DlmsData.OctetString.of(ledger.dateTime()));
      ledger.begin();
      become(Status.ACTIVE);
    }
    return AccessResult.SUCCESS;
  }

  /** 2, close_account: nothing is collected or topped up any more; amounts stay to be settled. */
  private AccessResult close() {
    if (status == Status.NEW) {
      return AccessResult.READ_WRITE_DENIED;
    }
    if (status == Status.ACTIVE) {
      closure.put(DlmsData.OctetString.of(ledger.dateTime()));
      become(Status.CLOSED);
    }
    return AccessResult.SUCCESS;
  }

  /** 3, reset_account: a closed one becomes new, its amounts 0. */
  private AccessResult reset() {
    if (status != Status.CLOSED) {
      return AccessResult.READ_WRITE_DENIED;
    }
    ledger.empty();
    DlmsData never = DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED);
    activation.put(never);
    closure.put(never);
    become(Status.NEW);
    return AccessResult.SUCCESS;
  }

  // --- attributes

  private static DlmsData amount(long amount) {
    return new DlmsData.DoubleLong(Math.clamp(amount, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private static DlmsData names(List<? extends InterfaceObject> objects) {
    return DlmsData.Array.of(
        objects.stream().map(o -> DlmsData.OctetString.of(o.identity().logicalName())).toList());
  }

  /** 3, current_credit_in_use: the index in the list of credits, 255 where none is. */
  private DlmsData inUse() {
    return new DlmsData.Unsigned8(
        ledger.used().map(used -> ledger.credits().indexOf(used)).orElse(NO_CREDIT));
  }

  /** 4, current_credit_status. */
  private DlmsData creditStatus() {
    Credit.Status next = ledger.next().map(Credit::now).orElse(Credit.Status.EXHAUSTED);
    boolean[] bits = {
      ledger.used().isPresent(), // in_credit
      ledger.low(), // low_credit
      next == Credit.Status.ENABLED, // next_credit_enabled
      next == Credit.Status.SELECTABLE, // next_credit_selectable
      next == Credit.Status.SELECTED, // next_credit_selected
      ledger.used().filter(c -> c.has(Credit.Option.CONFIRMATION)).isPresent(),
      ledger.used().isEmpty(), // out_of_credit
      false // reserved
    };
    int all = 0;
    for (int i = 0; i < bits.length; i++) {
      all |= bits[i] ? 0x80 >> i : 0;
    }
    return DlmsData.BitString.of(new byte[] {(byte) all}, bits.length);
  }
}
