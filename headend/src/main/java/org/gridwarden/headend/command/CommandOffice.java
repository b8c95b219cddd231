package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandRequest;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Commands;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.PolicyBook;
import org.gridwarden.store.StoredCommand;

/**
 * Where people's acts upon commands become steps: drafting, releasing, refusing, signing. Each act
 * is one transaction with its audit entry; where that fails, the act fails. Thread-safe, also
 * between processes on one database.
 */
public final class CommandOffice implements Commands {
  private static final Actor POLICY = Actor.system("policy");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final UnitOfWork work;
  private final CommandBook book;
  private final PolicyBook policies;
  private final OperatorKeys keys;
  private final MeterDirectory meters;
  private final Function<Meter, String> feeders;
  private final BooleanSupplier auditKeepsUp;
  private final InstantSource clock;

  /**
   * @param feeders which feeder a meter hangs on; an empty text where that is not known
   * @param auditKeepsUp whether the audit log is vouched for up to now
   */
  public CommandOffice(
      UnitOfWork work,
      CommandBook book,
      PolicyBook policies,
      OperatorKeys keys,
      MeterDirectory meters,
      Function<Meter, String> feeders,
      BooleanSupplier auditKeepsUp,
      InstantSource clock) {
    this.work = work;
    this.book = book;
    this.policies = policies;
    this.keys = keys;
    this.meters = meters;
    this.feeders = feeders;
    this.auditKeepsUp = auditKeepsUp;
    this.clock = clock;
  }

  /** The policy in force. */
  public CommandPolicy policy() {
    return policies
        .inForce()
        .map(v -> CommandPolicy.parse(v.content()))
        .orElse(CommandPolicy.FIRST);
  }

  @Override
  public CommandId draft(CommandRequest request, Actor by) {
    return draft(request, by, Optional.empty(), Optional.empty());
  }

  /**
   * Drafts a command and holds it against the policy.
   *
   * @param notBefore empty for at once
   * @param expires empty for as long after that as the policy says
   * @throws CommandFault where the meter or the action is not known, no reason is given, or the
   *     audit log does not keep up
   */
  public CommandId draft(
      CommandRequest request, Actor by, Optional<Instant> notBefore, Optional<Instant> expires) {
    needAudit();
    Action action = action(request.action(), request.parameters());
    if (request.reason().isBlank() || request.reason().length() > 500) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "reason", "say why, in 1 to 500 characters: it stands in the log");
    }
    Meter meter = meter(request);
    Instant now = clock.instant();
    CommandId id = next(now);
    return call(tx -> {
      CommandPolicy policy = policy(tx);
      Instant begin = notBefore.filter(now::isBefore).orElse(now);
      Instant end = expires.orElse(begin.plus(policy.validity()));
      if (!end.isAfter(begin.plusSeconds(1))) {
        throw new CommandFault(
            Fault.Code.MALFORMED, "expires", "a command expires after it may be sent");
      }
      String feeder = feeders.apply(meter);
      StoredCommand command =
          new StoredCommand(
              id,
              meter.id(),
              feeder,
              action.word(),
              ActionCodec.parameters(action),
              request.reason(),
              by.name(),
              now,
              begin,
              end,
              begin,
              CommandState.DRAFTED,
              "",
              "",
              Optional.empty(),
              Optional.empty(),
              0,
              Verdict.switches(action));
      book.add(tx, command, by);
      switch (verdict(tx, command, action, policy)) {
        case Verdict.Release _ -> release(tx, command, policy, POLICY, "");
        case Verdict.Quarantine q -> book.step(tx, id, CommandState.QUARANTINED, POLICY, q.why());
        case Verdict.Refuse r -> book.step(tx, id, CommandState.REFUSED, POLICY, r.why());
      }
      return id;
    });
  }

  /**
   * What would become of a command, without drafting it.
   *
   * @return what state it would come to, and why
   */
  public CommandBook.Step dryRun(CommandRequest request, Actor by) {
    Action action = action(request.action(), request.parameters());
    Meter meter = meter(request);
    return call(tx -> {
      CommandPolicy policy = policy(tx);
      Facts facts = facts(tx, meter, feeders.apply(meter), by.name(), policy);
      Instant now = clock.instant();
      return switch (Verdict.of(action, policy, facts)) {
        case Verdict.Release _ ->
            new CommandBook.Step(now, CommandState.RELEASED, POLICY, "it awaits its signature");
        case Verdict.Quarantine q ->
            new CommandBook.Step(now, CommandState.QUARANTINED, POLICY, q.why());
        case Verdict.Refuse r -> new CommandBook.Step(now, CommandState.REFUSED, POLICY, r.why());
      };
    });
  }

  private Verdict verdict(Tx tx, StoredCommand command, Action action, CommandPolicy policy) {
    if (command.switching()) {
      // whoever counts here holds what is counted until the commit: racing drafts come one by one
      book.holdWindows(
          tx, List.of("all", "feeder " + command.feeder(), "user " + command.draftedBy()));
    }
    Meter meter = meters.byId(command.meter()).orElseThrow();
    return Verdict.of(
        action, policy, facts(tx, meter, command.feeder(), command.draftedBy(), policy));
  }

  private Facts facts(Tx tx, Meter meter, String feeder, String user, CommandPolicy policy) {
    Instant since = clock.instant().minus(policy.window());
    return new Facts(
        meter.state(),
        book.protection(tx, meter.id()),
        book.releasedSince(tx, since, Optional.empty(), Optional.empty()),
        feeder.isEmpty() ? 0 : book.releasedSince(tx, since, Optional.of(feeder), Optional.empty()),
        book.releasedSince(tx, since, Optional.empty(), Optional.of(user)));
  }

  /** Lets a command through, after the feeder's last one where it switches. */
  private void release(
      Tx tx, StoredCommand command, CommandPolicy policy, Actor by, String secondPerson) {
    Instant due = command.notBefore();
    if (command.switching() && !command.feeder().isEmpty()) {
      Optional<Instant> last = book.lastDue(tx, command.feeder());
      if (last.isPresent() && last.get().plus(policy.spacing()).isAfter(due)) {
        due = last.get().plus(policy.spacing());
      }
    }
    if (!due.isBefore(command.expires())) {
      book.step(
          tx,
          command.id(),
          CommandState.REFUSED,
          by,
          "its turn at its feeder comes after its expiry");
      return;
    }
    book.release(tx, command.id(), clock.instant(), due, secondPerson);
    book.step(tx, command.id(), CommandState.RELEASED, by, "");
  }

  /**
   * A second person lets a quarantined command through.
   *
   * @param seen the order's bytes as the second person saw them: another order is not approved
   * @throws CommandFault where it is not quarantined, the person drafted it, or it is another one
   */
  public void approve(CommandId id, Actor by, byte[] seen) {
    needAudit();
    call(tx -> {
      StoredCommand command = held(tx, id, CommandState.QUARANTINED);
      if (command.draftedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "command", "who drafted it cannot release it: ask somebody else");
      }
      if (!java.util.Arrays.equals(seen, order(command).bytes())) {
        throw new CommandFault(
            Fault.Code.CONFLICT, "command", "it is not the one that was looked at: look again");
      }
      CommandPolicy policy = policy(tx);
      Action action = action(command.word(), command.parameters());
      // what nobody may do, two may not either; what is counted was counted to ask a second one
      if (verdict(tx, command, action, policy) instanceof Verdict.Refuse r) {
        book.step(tx, id, CommandState.REFUSED, POLICY, r.why());
      } else if (!clock.instant().isBefore(command.expires())) {
        book.step(tx, id, CommandState.EXPIRED, POLICY, "nobody released it in time");
      } else {
        release(tx, command, policy, by, by.name());
      }
      return id;
    });
  }

  /**
   * A person refuses a command that is not sent yet.
   *
   * @throws CommandFault where it is sent, or has come to its end
   */
  public void refuse(CommandId id, Actor by, String why) {
    call(tx -> {
      held(
          tx,
          id,
          CommandState.QUARANTINED,
          CommandState.RELEASED,
          CommandState.SIGNED,
          CommandState.QUEUED);
      book.step(tx, id, CommandState.REFUSED, by, why);
      return id;
    });
  }

  /** What an operator signs: the order of a command. */
  public byte[] order(CommandId id) {
    StoredCommand command =
        book.find(id)
            .orElseThrow(
                () -> new CommandFault(Fault.Code.CONFLICT, "command", "there is no such command"));
    return order(command).bytes();
  }

  /**
   * Takes an operator's signature, and queues the command.
   *
   * @param keyId the operator's key
   * @param signature over {@link Signed#toBeSigned}, r and s
   * @throws CommandFault where it was not released, the key is not the drafter's or was revoked, or
   *     the signature does not fit
   */
  public void sign(CommandId id, Actor by, byte[] keyId, byte[] signature) {
    needAudit();
    OperatorKeys.Key key =
        keys.find(keyId)
            .orElseThrow(() ->
                new CommandFault(
                    Fault.Code.UNAUTHENTICATED, "key", "no operator has this key: have it added"));
    call(tx -> {
      StoredCommand command = held(tx, id, CommandState.RELEASED);
      if (!key.operator().equals(by.name()) || !command.draftedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "command", "who drafted it signs it, with a key of their own");
      }
      Signed signed;
      try {
        PublicKey publicKey = OperatorKey.publicKey(key.spki());
        signed = Signed.of(Purpose.ORDER, publicKey, order(command).bytes(), signature);
      } catch (CommandException e) {
        throw new CommandFault(
            Fault.Code.UNAUTHENTICATED, "signature", String.valueOf(e.getMessage()));
      }
      book.sign(tx, id, signed.bytes());
      book.step(tx, id, CommandState.SIGNED, by, "");
      book.step(tx, id, CommandState.QUEUED, POLICY, "");
      return id;
    });
  }

  @Override
  public CommandState state(CommandId id) {
    return book.find(id)
        .map(StoredCommand::state)
        .orElseThrow(
            () -> new CommandFault(Fault.Code.CONFLICT, "command", "there is no such command"));
  }

  /**
   * Proposes another policy.
   *
   * @throws CommandFault where it is none
   */
  public int proposePolicy(String text, String reason, Actor by) {
    needAudit();
    parse(text);
    return call(tx -> policies.propose(tx, text, reason, by));
  }

  /**
   * A second person decides upon a proposed policy.
   *
   * @throws CommandFault where there is no such proposal, or the person made it
   */
  public void decidePolicy(int version, boolean approve, Actor by) {
    needAudit();
    call(tx -> {
      PolicyBook.Version proposal =
          policies
              .open(tx, version)
              .orElseThrow(() ->
                  new CommandFault(
                      Fault.Code.CONFLICT, "policy", "there is no such open proposal"));
      if (proposal.proposedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "policy", "who proposed it cannot approve it: ask somebody else");
      }
      policies.decide(tx, version, approve, by);
      return version;
    });
  }

  private StoredCommand held(Tx tx, CommandId id, CommandState... allowed) {
    StoredCommand command =
        book.hold(tx, id)
            .orElseThrow(
                () -> new CommandFault(Fault.Code.CONFLICT, "command", "there is no such command"));
    if (!List.of(allowed).contains(command.state())) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "command",
          "it is " + command.state().name().toLowerCase(java.util.Locale.ROOT) + " already");
    }
    return command;
  }

  static Order order(StoredCommand command) {
    return new Order(
        command.id(),
        command.meter(),
        action(command.word(), command.parameters()),
        command.notBefore(),
        command.expires(),
        command.draftedBy());
  }

  static Action action(String word, byte[] parameters) {
    try {
      return ActionCodec.action(word, parameters);
    } catch (CommandException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "action", String.valueOf(e.getMessage()));
    }
  }

  private static CommandPolicy parse(String text) {
    try {
      return CommandPolicy.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFault(Fault.Code.MALFORMED, "policy", String.valueOf(e.getMessage()));
    }
  }

  private CommandPolicy policy(Tx tx) {
    return policies
        .inForce(tx)
        .map(v -> CommandPolicy.parse(v.content()))
        .orElse(CommandPolicy.FIRST);
  }

  private Meter meter(CommandRequest request) {
    return meters
        .byId(request.meter())
        .orElseThrow(() ->
            new CommandFault(
                Fault.Code.UNKNOWN_METER, "meter", "no such meter is known to the office"));
  }

  private void needAudit() {
    if (!auditKeepsUp.getAsBoolean()) {
      throw new CommandFault(
          Fault.Code.BUSY,
          "audit log",
          "it is not vouched for, so no command goes out: see the server's log; readings go on");
    }
  }

  private <T> T call(Function<Tx, T> act) {
    return work.call(act);
  }

  /** UUID version 7: milliseconds, then random bits, of which an order's nonce is made. */
  private static CommandId next(Instant at) {
    long high = (at.toEpochMilli() << 16) | 0x7000L | (RANDOM.nextLong() & 0x0FFFL);
    long low = (RANDOM.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new CommandId(new UUID(high, low));
  }
}
