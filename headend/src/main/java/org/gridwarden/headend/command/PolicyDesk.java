package org.gridwarden.headend.command;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.store.PolicyBook;

/** Where the commands' policy is read, and changed by two persons. Thread-safe. */
public final class PolicyDesk {
  private static final int LONGEST = 10_000;

  private final UnitOfWork work;
  private final PolicyBook book;
  private final AuditGuard audit;

  PolicyDesk(UnitOfWork work, PolicyBook book, AuditGuard audit) {
    this.work = work;
    this.book = book;
    this.audit = audit;
  }

  /** The policy in force. */
  public CommandPolicy inForce() {
    return policy(book.inForce());
  }

  CommandPolicy inForce(Tx tx) {
    return policy(book.inForce(tx));
  }

  private static CommandPolicy policy(Optional<PolicyBook.Version> version) {
    return version.map(v -> CommandPolicy.parse(v.content())).orElse(CommandPolicy.FIRST);
  }

  /**
   * Proposes another policy. It is kept with all its parts, so that who decides sees all of it.
   *
   * @param text what it does not name stays as {@link CommandPolicy#FIRST} has it
   * @return the version's number
   * @throws CommandFault where it is none, or no reason is given
   */
  public int propose(String text, String reason, Actor by) {
    audit.need();
    Wish.reason(reason);
    if (text.length() > LONGEST) {
      throw new CommandFault(Fault.Code.MALFORMED, "policy", "it is longer than a policy can be");
    }
    CommandPolicy policy = parse(text);
    return work.call(tx -> book.propose(tx, policy.text(), reason, by));
  }

  /**
   * A second person decides upon a proposed policy.
   *
   * @throws CommandFault where there is no such proposal, or the person made it
   */
  public void decide(int version, boolean approve, Actor by) {
    audit.need();
    work.call(tx -> {
      PolicyBook.Version proposal =
          book.open(tx, version)
              .orElseThrow(() ->
                  new CommandFault(
                      Fault.Code.CONFLICT, "policy", "there is no such open proposal"));
      if (proposal.proposedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "policy", "who proposed it cannot decide: ask somebody else");
      }
      book.decide(tx, version, approve, by);
      return version;
    });
  }

  /** The newest versions, proposals and refused ones too, the newest first. */
  public List<PolicyBook.Version> latest() {
    return book.latest(50);
  }

  /** The version in force; empty before anybody approved any. */
  public Optional<PolicyBook.Version> version() {
    return book.inForce();
  }

  private static CommandPolicy parse(String text) {
    try {
      return CommandPolicy.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "policy", String.valueOf(e.getMessage()));
    }
  }
}
