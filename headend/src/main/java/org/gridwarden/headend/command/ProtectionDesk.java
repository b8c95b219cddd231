package org.gridwarden.headend.command;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.store.ProtectionBook;

/**
 * Where consumers are protected from being switched off from afar: by one person, and not any more
 * by two, as thresholds are changed (C16). Thread-safe.
 */
public final class ProtectionDesk {
  private static final int MOST = 10_000;

  private final UnitOfWork work;
  private final ProtectionBook book;
  private final AuditGuard audit;

  ProtectionDesk(UnitOfWork work, ProtectionBook book, AuditGuard audit) {
    this.work = work;
    this.book = book;
    this.audit = audit;
  }

  /** A meter's protection; empty where there is none. */
  public Optional<ProtectionBook.Protection> of(MeterId meter) {
    return book.of(meter);
  }

  /** All protections, those that are asked to end first; at most 10,000. */
  public List<ProtectionBook.Protection> list() {
    return book.list(MOST);
  }

  /**
   * From now on nobody switches the meter off from afar. Protecting takes one person: it stops
   * nothing that could not be done by hand.
   *
   * @throws CommandFault where no reason is given
   */
  public void protect(MeterId meter, String reason, Actor by) {
    audit.need();
    Wish.reason(reason);
    work.call(tx -> {
      book.protect(tx, meter, reason, by);
      return meter;
    });
  }

  /**
   * Asks for a protection to end; somebody else decides.
   *
   * @throws CommandFault where no reason is given, there is no protection, or it is asked already
   */
  public void ask(MeterId meter, String reason, Actor by) {
    audit.need();
    Wish.reason(reason);
    work.call(tx -> {
      ProtectionBook.Protection held =
          book.hold(tx, meter).orElseThrow(() -> conflict("the meter's consumer is not protected"));
      if (held.lift().isPresent()) {
        throw conflict(
            held.lift().get().askedBy() + " asks for it already: somebody else releases it");
      }
      book.ask(tx, meter, reason, by);
      return meter;
    });
  }

  /**
   * A second person lets a protection end, or stand.
   *
   * @throws CommandFault where nobody asks, or the person does
   */
  public void decide(MeterId meter, boolean release, Actor by) {
    audit.need();
    work.call(tx -> {
      ProtectionBook.Protection held =
          book.hold(tx, meter).orElseThrow(() -> conflict("the meter's consumer is not protected"));
      ProtectionBook.Lift lift =
          held.lift().orElseThrow(() -> conflict("nobody asks for its protection to end"));
      if (lift.askedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN,
            "protection",
            "who asked for it cannot decide: ask somebody else");
      }
      book.decide(tx, held, lift, release, by);
      return meter;
    });
  }

  private static CommandFault conflict(String what) {
    return new CommandFault(Fault.Code.CONFLICT, "protection", what);
  }
}
