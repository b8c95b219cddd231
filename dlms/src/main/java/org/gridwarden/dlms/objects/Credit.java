package org.gridwarden.dlms.objects;

import java.util.EnumSet;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Credit (class 112, version 0, IEC 62056-6-2 clause 4.6.3): one purse of an {@link Account}, which
 * makes it. Amounts are in the account's currency, scaled by its currency_scale.
 *
 * <p>A credit with a preset amount lends it when it is selected: the amount goes up by the loan,
 * and once a top-up has paid back what was used of it, the loan goes back and can be selected
 * again. Thread-safe: state is guarded by the account's lock.
 */
public final class Credit extends InterfaceObject {
  /** What kind of credit, numbered as credit_type. */
  public enum Type {
    TOKEN(0),
    RESERVED(1),
    EMERGENCY(2),
    TIME_BASED(3),
    CONSUMPTION_BASED(4);

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /** How far it is used, numbered as credit_status. */
  public enum Status {
    ENABLED(0),
    SELECTABLE(1),
    SELECTED(2),
    IN_USE(3),
    EXHAUSTED(4);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    boolean usable() {
      return this == SELECTED || this == IN_USE;
    }
  }

  /** What it does, by the bit of credit_configuration. */
  public enum Option {
    /** Its use is shown. */
    VISUAL(0),
    /** It is used only after invoke_credit. */
    CONFIRMATION(1),
    /** What is used of its loan is paid back by top-ups. */
    PAID_BACK(2),
    /** It can be renewed. */
    RESETTABLE(3),
    /** Tokens go to it. */
    TOKENS(4);

    private final int bit;

    Option(int bit) {
      this.bit = bit;
    }
  }

  private static final AttributeType AMOUNT = AttributeType.doubleLong();

  private final Ledger ledger;
  private final int priority;
  private final Set<Option> options;
  private final TypedAttribute warning;
  private final TypedAttribute limit;
  private final TypedAttribute preset;
  private final TypedAttribute threshold;

  // guarded by the ledger's lock
  private long amount;
  private long lent;
  private boolean invoked;
  private Status status = Status.ENABLED;

  Credit(
      Ledger ledger,
      ObisCode logicalName,
      Type type,
      int priority,
      Set<Option> options,
      int preset) {
    super(112, 0, logicalName, 11, 3);
    if (priority < 1 || priority > 255 || preset < 0) {
      throw new IllegalArgumentException("priority 1 to 255, preset amount from 0");
    }
    this.ledger = ledger;
    this.priority = priority;
    this.options = options.isEmpty() ? EnumSet.noneOf(Option.class) : EnumSet.copyOf(options);
    attribute(2, () -> ledger.locked(() -> new DlmsData.DoubleLong((int) amount)));
    attribute(3, () -> new DlmsData.Enumerated(type.code));
    attribute(4, () -> new DlmsData.Unsigned8(priority));
    this.warning = amount(5, 0);
    this.limit = amount(6, 0);
    attribute(7, this::configuration);
    attribute(8, () -> new DlmsData.Enumerated(status().code));
    this.preset = amount(9, preset);
    this.threshold = amount(10, 0);
    stored(11, AttributeType.dateTime(), new DlmsData.DateTime(CosemDateTime.UNSPECIFIED));
    method(1, AMOUNT, d -> adjust(((DlmsData.DoubleLong) d).value(), false));
    method(2, AMOUNT, d -> adjust(((DlmsData.DoubleLong) d).value(), true));
    method(3, this::invoke);
  }

  private TypedAttribute amount(int attribute, int initial) {
    TypedAttribute kept = new TypedAttribute(AMOUNT, new DlmsData.DoubleLong(initial));
    attribute(attribute, kept::value, value -> ledger.change(kept, value));
    return kept;
  }

  private DlmsData configuration() {
    int bits = 0;
    for (Option option : options) {
      bits |= 0x80 >> option.bit;
    }
    return DlmsData.BitString.of(new byte[] {(byte) bits}, 5);
  }

  /** How far it is used. */
  public Status status() {
    return ledger.locked(() -> status);
  }

  /** The current amount, scaled as the account's currency. */
  public long amount() {
    return ledger.locked(() -> amount);
  }

  /** How much of the amount is a loan that goes back once it is paid back. */
  public long lent() {
    return ledger.locked(() -> lent);
  }

  /**
   * Sets the amount to the preset amount, as a single action schedule does to a time-based credit.
   *
   * @return READ_WRITE_DENIED where the credit is not resettable or lends now
   */
  public AccessResult renew() {
    return ledger.locked(() -> {
      if (!options.contains(Option.RESETTABLE) || lent != 0) {
        return AccessResult.READ_WRITE_DENIED;
      }
      amount = preset.number();
      ledger.settle();
      return AccessResult.SUCCESS;
    });
  }

  /** 1, update_amount, and 2, set_amount_to_value. */
  private AccessResult adjust(int by, boolean absolute) {
    return ledger.locked(() -> {
      long next = absolute ? by : amount + by;
      if (next != (int) next) {
        return AttributeType.OUT_OF_RANGE;
      }
      add(next - amount);
      ledger.settle();
      return AccessResult.SUCCESS;
    });
  }

  /** 3, invoke_credit: selects it where it is selectable; again changes nothing. */
  private AccessResult invoke() {
    return ledger.locked(() -> {
      if (status.usable()) {
        return AccessResult.SUCCESS;
      }
      if (status != Status.SELECTABLE) {
        return AccessResult.READ_WRITE_DENIED;
      }
      invoked = true;
      lend();
      ledger.settle();
      return AccessResult.SUCCESS;
    });
  }

  // --- for the ledger, which holds the lock

  int priority() {
    return priority;
  }

  boolean has(Option option) {
    return options.contains(option);
  }

  boolean waits() {
    return options.contains(Option.CONFIRMATION) && !invoked;
  }

  /** Whether it could give a loan that it has not given. */
  boolean couldLend() {
    return lent == 0 && preset.number() > 0 && !invoked && !options.contains(Option.RESETTABLE);
  }

  void lend() {
    invoked = true;
    long loan = Math.min(preset.number(), Integer.MAX_VALUE - amount);
    lent += loan;
    amount += loan;
  }

  /** What of the loan was used and is to be paid back. */
  long owed() {
    return options.contains(Option.PAID_BACK) && lent > 0 ? Math.max(0, lent - amount) : 0;
  }

  /** How much can be taken before the limit. */
  long left() {
    return amount - limit.number();
  }

  long held() {
    return amount;
  }

  long threshold() {
    return threshold.number();
  }

  boolean warns() {
    return amount <= warning.number();
  }

  void add(long more) {
    amount += more;
    if (lent > 0 && more > 0 && options.contains(Option.PAID_BACK) && amount >= lent) {
      amount -= lent; // the loan goes back
      lent = 0;
      invoked = false;
    }
  }

  void is(Status now) {
    status = now;
  }

  Status now() {
    return status;
  }

  void empty() {
    amount = 0;
    lent = 0;
    invoked = false;
  }
}
