package org.gridwarden.mdm.ledger;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.mdm.billing.Tariff.Prepayment;
import org.gridwarden.store.LedgerBook;
import org.gridwarden.store.LedgerBook.Posted;
import org.jspecify.annotations.Nullable;

/**
 * An account's money: each change is an entry with a reference of its own, and the same reference
 * again changes nothing. What is entered wrongly is put right by another entry. Where a tariff is
 * paid beforehand, a balance that falls too low is told, and disconnection proposed: whether it is
 * ordered is for people, under the policy of all commands. Thread-safe.
 */
public final class Ledger {
  private final UnitOfWork work;
  private final LedgerBook book;

  public Ledger(UnitOfWork work, LedgerBook book) {
    this.work = work;
    this.book = book;
  }

  /** What an entry is. */
  public enum Kind {
    /** What is owed for a time. */
    BILL("revenue"),
    /** What is asked for by a budget plan. */
    INSTALMENT("budget"),
    /** A day's cost, where somebody pays beforehand. */
    CHARGE("revenue"),
    /** What came in. */
    PAYMENT("bank"),
    /** What the office gives, for a fault of its own say. */
    CREDIT("goodwill"),
    /** What puts another entry right, in either direction. */
    CORRECTION("revenue"),
    /** A bill that a budget plan takes over, or gives back. */
    CARRIED("budget"),
    /** What is left at a budget plan's end. */
    SETTLEMENT("budget");

    private final String contra;

    Kind(String contra) {
      this.contra = contra;
    }

    /** As it is stored. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Where the other half of it stands. */
    public String contra() {
      return contra;
    }

    /** Whether the account gets it, pays it, or either. */
    boolean allows(BigDecimal amount) {
      return switch (this) {
        // a bill of what was fed in is paid out
        case BILL, CORRECTION, CARRIED, SETTLEMENT -> true;
        case INSTALMENT, CHARGE -> amount.signum() < 0;
        case PAYMENT, CREDIT -> amount.signum() > 0;
      };
    }
  }

  /**
   * What is to be entered.
   *
   * @param day for which civil day it counts
   * @param amount above zero: the account gets it
   * @param reference what tells it from all others of the account
   * @param note why; people say so of credits and corrections
   */
  public record Entry(
      String account,
      LocalDate day,
      Kind kind,
      BigDecimal amount,
      Currency currency,
      String reference,
      String note) {}

  /**
   * Enters something.
   *
   * @param limits where the account pays beforehand; null where this entry does not say so: of a
   *     bill that it does not any more, of all else that it is as before
   * @throws DeskFault where it cannot be, or another entry has its reference
   */
  public LedgerBook.Entry enter(Entry entry, @Nullable Prepayment limits, Actor by) {
    check(entry, by);
    return work.call(tx -> enter(tx, entry, limits, by));
  }

  /** The same within a transaction of the caller's, which holds the account until it ends. */
  public LedgerBook.Entry enter(Tx tx, Entry entry, @Nullable Prepayment limits, Actor by) {
    check(entry, by);
    Posted posted =
        book.post(
            tx,
            new LedgerBook.Fresh(
                entry.account(),
                entry.day(),
                entry.kind().word(),
                entry.amount(),
                entry.currency().getCurrencyCode(),
                entry.kind().contra(),
                entry.reference(),
                entry.note(),
                Optional.ofNullable(limits)
                    .map(l -> new LedgerBook.Limits(l.emergencyCredit(), l.lowBalance()))),
            by);
    return switch (posted) {
      case Posted.Added(LedgerBook.Entry added) -> {
        added
            .limits()
            .ifPresent(its ->
                words(added.before(), added.balance(), its)
                    .forEach(word -> book.event(tx, added, word)));
        yield added;
      }
      case Posted.Same(LedgerBook.Entry there) -> there;
      case Posted.Taken(LedgerBook.Entry other) ->
          throw new DeskFault(
              Fault.Code.CONFLICT,
              "reference",
              "entry "
                  + other.number()
                  + " has it: a "
                  + other.kind()
                  + " of "
                  + other.amount().toPlainString()
                  + " for "
                  + other.day()
                  + "; give this one another reference");
    };
  }

  /**
   * What a time cost at a service point, as its bill says.
   *
   * @param to the day after the last
   * @param bill its number
   */
  public record Closing(
      String account,
      String servicePoint,
      LocalDate from,
      LocalDate to,
      BigDecimal total,
      Currency currency,
      String bill) {
    private LocalDate last() {
      return to.minusDays(1);
    }
  }

  /** What tells a day's charge from all other entries of its account. */
  public static String dayReference(String servicePoint, LocalDate day) {
    return "charge " + day + " at " + servicePoint;
  }

  /**
   * Enters a bill, and gives back what was charged day by day for its days, so that they have cost
   * what the bill says. Done again it changes nothing.
   *
   * @param limits where the account pays beforehand
   */
  public void close(Tx tx, Closing closing, @Nullable Prepayment limits, Actor by) {
    List<String> days =
        closing
            .from()
            .datesUntil(closing.to())
            .map(day -> dayReference(closing.servicePoint(), day))
            .toList();
    BigDecimal charged = book.sum(tx, closing.account(), Kind.CHARGE.word(), days);
    if (charged.signum() != 0) {
      // first, so that no balance falls for a moment by what was paid already
      var _ =
          enter(
              tx,
              new Entry(
                  closing.account(),
                  closing.last(),
                  Kind.CORRECTION,
                  charged.negate(),
                  closing.currency(),
                  "charges of "
                      + closing.from()
                      + " to "
                      + closing.last()
                      + " at "
                      + closing.servicePoint(),
                  "in their place stands the bill " + closing.bill()),
              limits,
              by);
    }
    if (closing.total().signum() != 0) {
      var _ =
          enter(
              tx,
              new Entry(
                  closing.account(),
                  closing.last(),
                  Kind.BILL,
                  closing.total().negate(),
                  closing.currency(),
                  closing.bill(),
                  ""),
              limits,
              by);
    }
  }

  /** What a balance goes through from one amount to another. */
  private static List<String> words(BigDecimal before, BigDecimal after, LedgerBook.Limits limits) {
    BigDecimal end = limits.credit().negate();
    List<String> words = new ArrayList<>();
    if (falls(before, after, limits.low())) {
      words.add(LedgerWords.LOW);
    }
    if (before.signum() >= 0 && after.signum() < 0 && end.signum() < 0) {
      words.add(LedgerWords.EMERGENCY);
    }
    if (falls(before, after, end)) {
      words.add(LedgerWords.EXHAUSTED);
      words.add(LedgerWords.DISCONNECTION_PROPOSED);
    }
    if (falls(after, before, end)) {
      words.add(LedgerWords.RESTORED);
    }
    return words;
  }

  private static boolean falls(BigDecimal before, BigDecimal after, BigDecimal limit) {
    return before.compareTo(limit) > 0 && after.compareTo(limit) <= 0;
  }

  private static void check(Entry entry, Actor by) {
    int digits = Math.max(0, entry.currency().getDefaultFractionDigits());
    if (entry.amount().signum() == 0
        || entry.amount().precision() > 15
        || entry.amount().stripTrailingZeros().scale() > digits) {
      throw new DeskFault(
          Fault.Code.MALFORMED,
          "amount",
          "an amount other than zero, with at most "
              + digits
              + " digits behind the point, is needed in "
              + entry.currency());
    }
    if (!entry.kind().allows(entry.amount())) {
      throw new DeskFault(
          Fault.Code.MALFORMED,
          "amount",
          "a "
              + entry.kind().word()
              + (entry.amount().signum() > 0 ? " is taken" : " is given")
              + ": turn its sign round, or enter a correction");
    }
    if (entry.account().isBlank()
        || entry.account().length() > 128
        || entry.reference().isBlank()
        || entry.reference().length() > 128
        || entry.note().length() > 1_000) {
      throw new DeskFault(
          Fault.Code.MALFORMED,
          "reference",
          "account and reference have 1 to 128 characters, a note at most 1000");
    }
    boolean told = entry.kind() == Kind.CREDIT || entry.kind() == Kind.CORRECTION;
    if (told && by.kind() == Actor.Kind.PERSON && entry.note().isBlank()) {
      throw new DeskFault(Fault.Code.MALFORMED, "note", "a credit or correction says why");
    }
  }
}
