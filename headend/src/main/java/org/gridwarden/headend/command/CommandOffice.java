package org.gridwarden.headend.command;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandRequest;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Commands;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.core.Uuid7;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Order;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.thirdparty.GeneralSigned;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.PolicyBook;
import org.gridwarden.store.ProtectionBook;
import org.gridwarden.store.StoredCommand;

/**
 * Where people's acts upon commands become steps: drafting, releasing, refusing, signing. Each act
 * is one transaction with its audit entry; where that fails, the act fails. Thread-safe, also
 * between processes on one database.
 */
public final class CommandOffice implements Commands {
  /** Who drafts changes of keys by itself; somebody takes them over, since it signs nothing. */
  public static final Actor KEY_WATCH = Actor.system("key watch");

  /** Who proposes what a balance asks for; somebody takes that over, too. */
  public static final Actor PREPAYMENT = Actor.system("prepayment");

  private static final Set<String> ITSELF = Set.of(KEY_WATCH.name(), PREPAYMENT.name());
  private static final Actor POLICY = Actor.system("policy");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final KeyChanges.Maker NO_KEYS =
      (tx, meter, id) -> {
        throw new IllegalStateException("this wish is for no keys");
      };

  /** So many commands a transaction. */
  private static final int AT_ONCE = 200;

  private final CommandSteps steps;
  private final CommandBook book;
  private final PolicyDesk policies;
  private final ProtectionDesk protections;
  private final Releases releases;
  private final SecondPerson secondPerson;
  private final OperatorKeys keys;
  private final OrderSignatures signatures;
  private final MeterDirectory meters;
  private final Function<MeterId, String> feeders;
  private final AuditGuard audit;
  private final InstantSource clock;
  private volatile Runnable whenQueued = () -> {};

  /**
   * @param feeders which feeder a meter hangs on; an empty text where that is not known
   * @param auditKeepsUp whether the audit log is vouched for up to now
   * @param told what steps commands take, once that is durable
   */
  public CommandOffice(
      UnitOfWork work,
      CommandBook book,
      PolicyBook policies,
      ProtectionBook protections,
      OperatorKeys keys,
      MeterDirectory meters,
      Function<MeterId, String> feeders,
      BooleanSupplier auditKeepsUp,
      InstantSource clock,
      Consumer<? super LiveEvent> told) {
    this.steps = new CommandSteps(work, book, told, clock);
    this.book = book;
    this.audit = new AuditGuard(auditKeepsUp);
    this.policies = new PolicyDesk(work, policies, audit);
    this.protections = new ProtectionDesk(work, protections, audit);
    this.releases = new Releases(book, clock);
    this.secondPerson =
        new SecondPerson(steps, book, releases, this.policies, meters, audit, clock);
    this.keys = keys;
    this.signatures = new OrderSignatures(keys, meters, clock);
    this.meters = meters;
    this.feeders = feeders;
    this.clock = clock;
  }

  /** What is run each time that a command has been queued; quick. */
  public void whenQueued(Runnable run) {
    whenQueued = run;
  }

  /** From now on keys can be changed by commands. */
  public void changingKeysWith(KeyChanges changes) {
    steps.changingKeysWith(changes);
  }

  /** Where the policy is read and changed. */
  public PolicyDesk policyDesk() {
    return policies;
  }

  /** Where consumers are protected from being switched off. */
  public ProtectionDesk protectionDesk() {
    return protections;
  }

  /** The policy in force. */
  public CommandPolicy policy() {
    return policies.inForce();
  }

  @Override
  public CommandId draft(CommandRequest request, Actor by) {
    return draft(request, by, Optional.empty(), Optional.empty());
  }

  /**
   * Drafts one command and holds it against the policy.
   *
   * @param notBefore empty for at once
   * @param expires empty for as long after that as the policy says
   * @throws CommandFault as {@link #draft(Wish, Actor)}
   */
  public CommandId draft(
      CommandRequest request, Actor by, Optional<Instant> notBefore, Optional<Instant> expires) {
    Action action = action(request.action(), request.parameters());
    Wish wish = new Wish(List.of(request.meter()), action, request.reason(), notBefore, expires);
    return draft(wish, by).getFirst().id();
  }

  /**
   * Drafts a command to each of some meters and holds each against the policy. Many are written in
   * several transactions: where the process dies, the first of them stand, and none is released
   * that the policy does not let through.
   *
   * @return the commands as they stand, in the order of the meters
   * @throws CommandFault where a meter is not known, no reason is given, the times do not fit, or
   *     the audit log does not keep up; nothing is drafted then
   */
  public List<StoredCommand> draft(Wish wish, Actor by) {
    return draft(wish, Set.of(), by);
  }

  /**
   * The same for a change of keys.
   *
   * @param purposes which keys; all that a meter has where empty
   */
  public List<StoredCommand> draft(Wish wish, Set<KeyAccess.Purpose> purposes, Actor by) {
    audit.need();
    List<Meter> all = check(wish);
    KeyChanges.Maker maker = maker(wish, all, purposes);
    List<StoredCommand> drafted = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i += AT_ONCE) {
      List<Meter> some = all.subList(i, Math.min(all.size(), i + AT_ONCE));
      drafted.addAll(steps.call(turn -> draft(turn, wish, maker, some, by)));
    }
    return drafted;
  }

  /** Who makes the keys that a wish asks for. */
  private KeyChanges.Maker maker(Wish wish, List<Meter> all, Set<KeyAccess.Purpose> purposes) {
    if (!(wish.action() instanceof Action.ChangeKeys change)) {
      return NO_KEYS;
    }
    if (!change.keys().isEmpty()) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "action", "keys are made by the office, not given to it");
    }
    return steps.keys().prepare(all, purposes);
  }

  private static Action action(
      Wish wish, KeyChanges.Maker maker, CommandSteps.Turn turn, Meter meter, CommandId id) {
    return wish.action() instanceof Action.ChangeKeys
        ? maker.make(turn.tx(), meter, id)
        : wish.action();
  }

  private List<StoredCommand> draft(
      CommandSteps.Turn turn, Wish wish, KeyChanges.Maker maker, List<Meter> some, Actor by) {
    Set<String> names = new LinkedHashSet<>();
    some.forEach(meter -> names.add(feeders.apply(meter.id())));
    if (Verdict.switches(wish.action())) {
      releases.hold(turn.tx(), names, List.of(by.name()));
    }
    Instant now = clock.instant();
    Tally tally = new Tally(turn.tx(), book, policies.inForce(turn.tx()), now, by.name());
    List<StoredCommand> drafted = new ArrayList<>(some.size());
    for (Meter meter : some) {
      CommandId id = next(now);
      Action action = action(wish, maker, turn, meter, id);
      StoredCommand command = wish.command(id, meter, action, feeders, tally.policy(), by, now);
      turn.add(command, by);
      drafted.add(
          switch (Verdict.of(wish.action(), tally.policy(), tally.facts(meter, command.feeder()))) {
            case Verdict.Release _ -> releases.release(turn, command, tally, POLICY, "");
            case Verdict.Quarantine q ->
                turn.step(command, CommandState.QUARANTINED, POLICY, q.why());
            case Verdict.Refuse r -> turn.step(command, CommandState.REFUSED, POLICY, r.why());
          });
    }
    return drafted;
  }

  /**
   * What would become of commands, without drafting any.
   *
   * @return as the commands would stand, in the order of the meters; their ids mean nothing
   * @throws CommandFault as {@link #draft(Wish, Actor)}, the audit log aside
   */
  public List<StoredCommand> dryRun(Wish wish, Actor by) {
    List<Meter> all = check(wish);
    return steps.call(turn -> {
      Instant now = clock.instant();
      Tally tally = new Tally(turn.tx(), book, policies.inForce(turn.tx()), now, by.name());
      List<StoredCommand> would = new ArrayList<>(all.size());
      for (Meter meter : all) {
        StoredCommand command =
            wish.command(next(now), meter, wish.action(), feeders, tally.policy(), by, now);
        would.add(
            switch (Verdict.of(
                wish.action(), tally.policy(), tally.facts(meter, command.feeder()))) {
              case Verdict.Release _ ->
                  tally
                      .turn(
                          command.switching(),
                          command.feeder(),
                          command.notBefore(),
                          command.expires())
                      .map(due -> command.released(due, "").moved(CommandState.RELEASED, ""))
                      .orElseGet(() -> command.moved(CommandState.REFUSED, Releases.tooLate()));
              case Verdict.Quarantine q -> command.moved(CommandState.QUARANTINED, q.why());
              case Verdict.Refuse r -> command.moved(CommandState.REFUSED, r.why());
            });
      }
      return would;
    });
  }

  private List<Meter> check(Wish wish) {
    List<Meter> all = new ArrayList<>(wish.meters().size());
    for (MeterId id : wish.meters()) {
      all.add(
          meters
              .byId(id)
              .orElseThrow(() ->
                  new CommandFault(
                      Fault.Code.UNKNOWN_METER,
                      "meter " + id.value(),
                      "it is not known to the office: import a shipment that names it")));
    }
    wish.times(policies.inForce(), clock.instant());
    return all;
  }

  /**
   * A second person lets a quarantined command through: {@link SecondPerson#approve(CommandId,
   * Actor, byte[])}.
   */
  public StoredCommand approve(CommandId id, Actor by, byte[] seen) {
    return secondPerson.approve(id, by, seen);
  }

  /**
   * An operator takes over a command that the office drafted by itself, and is who signs it.
   *
   * @throws CommandFault where a person drafted it, or it has gone on
   */
  public StoredCommand adopt(CommandId id, Actor by) {
    audit.need();
    return steps.call(turn -> {
      StoredCommand command =
          releases.held(turn.tx(), id, CommandState.QUARANTINED, CommandState.RELEASED);
      if (!ITSELF.contains(command.draftedBy())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "command", "a person drafted it, and is who signs it");
      }
      if (command.releasedBy().equals(by.name())) {
        throw new CommandFault(
            Fault.Code.FORBIDDEN, "command", "who released it cannot sign it: ask somebody else");
      }
      book.adopt(turn.tx(), id, by.name());
      return turn.step(
          book.hold(turn.tx(), id).orElseThrow(),
          command.state(),
          by,
          "taken over from the " + command.draftedBy());
    });
  }

  /**
   * A person refuses a command that is not sent yet: {@link SecondPerson#refuse(CommandId, Actor,
   * String)}.
   */
  public StoredCommand refuse(CommandId id, Actor by, String why) {
    return secondPerson.refuse(id, by, why);
  }

  /** Where people decide upon what others drafted, one or many. */
  public SecondPerson secondPerson() {
    return secondPerson;
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
   * @param signature over {@link Signed#toBeSigned} or, where the meter's form is DLMS, {@link
   *     GeneralSigned#toBeSigned}; r and s
   * @param at when it was signed; needed where the meter's form is DLMS
   * @throws CommandFault where it was not released, the key is not the drafter's or was revoked, or
   *     the signature does not fit
   */
  public StoredCommand sign(
      CommandId id, Actor by, byte[] keyId, byte[] signature, Optional<Instant> at) {
    audit.need();
    OperatorKeys.Key key = key(keyId);
    StoredCommand queued = steps.call(turn -> sign(turn, id, by, key, signature, at));
    whenQueued.run();
    return queued;
  }

  /** The same where the meter's form is COSE. */
  public StoredCommand sign(CommandId id, Actor by, byte[] keyId, byte[] signature) {
    return sign(id, by, keyId, signature, Optional.empty());
  }

  /** What became of one signature among many. */
  public sealed interface SignOutcome {
    /** The command is queued. */
    record Queued(StoredCommand command) implements SignOutcome {}

    /** It is not, and why. */
    record NotTaken(CommandId id, Fault fault) implements SignOutcome {}
  }

  /**
   * Takes an operator's signatures under many commands. One that does not fit stops none of the
   * others.
   *
   * @param signatures by command
   * @param at when they were made; needed where a meter's form is DLMS
   * @return what became of each, in their order
   * @throws CommandFault where the key is not known or was revoked
   */
  public List<SignOutcome> sign(
      SequencedMap<CommandId, byte[]> signatures, Actor by, byte[] keyId, Optional<Instant> at) {
    audit.need();
    OperatorKeys.Key key = key(keyId);
    List<CommandId> ordered = new ArrayList<>(signatures.keySet());
    ordered.sort(Comparator.comparing(CommandId::value)); // rows are held in one order by everybody
    Map<CommandId, SignOutcome> outcomes = new HashMap<>();
    for (int i = 0; i < ordered.size(); i += AT_ONCE) {
      List<CommandId> some = ordered.subList(i, Math.min(ordered.size(), i + AT_ONCE));
      outcomes.putAll(
          steps.call(turn -> {
            Map<CommandId, SignOutcome> these = new HashMap<>();
            for (CommandId id : some) {
              byte[] signature = Objects.requireNonNull(signatures.get(id));
              try {
                these.put(id, new SignOutcome.Queued(sign(turn, id, by, key, signature, at)));
              } catch (CommandFault e) { // thrown before anything was written
                these.put(id, new SignOutcome.NotTaken(id, e.fault()));
              }
            }
            return these;
          }));
      whenQueued.run();
    }
    return signatures.keySet().stream()
        .map(id -> Objects.requireNonNull(outcomes.get(id)))
        .toList();
  }

  /** The same where all meters' form is COSE. */
  public List<SignOutcome> sign(
      SequencedMap<CommandId, byte[]> signatures, Actor by, byte[] keyId) {
    return sign(signatures, by, keyId, Optional.empty());
  }

  private OperatorKeys.Key key(byte[] keyId) {
    return keys.find(keyId)
        .orElseThrow(() ->
            new CommandFault(
                Fault.Code.UNAUTHENTICATED,
                "key",
                "no operator has this key: ask for it to be taken, and have it approved"));
  }

  private StoredCommand sign(
      CommandSteps.Turn turn,
      CommandId id,
      Actor by,
      OperatorKeys.Key key,
      byte[] signature,
      Optional<Instant> at) {
    StoredCommand command = releases.held(turn.tx(), id, CommandState.RELEASED);
    if (!key.operator().equals(by.name()) || !command.draftedBy().equals(by.name())) {
      throw new CommandFault(
          Fault.Code.FORBIDDEN, "command", "who drafted it signs it, with a key of their own");
    }
    book.sign(turn.tx(), id, signatures.put(command, key, signature, at));
    StoredCommand after = turn.step(command, CommandState.SIGNED, by, "");
    return turn.step(after, CommandState.QUEUED, POLICY, "");
  }

  @Override
  public CommandState state(CommandId id) {
    return book.find(id)
        .map(StoredCommand::state)
        .orElseThrow(
            () -> new CommandFault(Fault.Code.CONFLICT, "command", "there is no such command"));
  }

  /** What an operator signs, and a second person approves. */
  public static Order order(StoredCommand command) {
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

  /** With random bits, of which an order's nonce is made. */
  private static CommandId next(Instant at) {
    return new CommandId(Uuid7.of(at, RANDOM.nextLong(), RANDOM.nextLong()));
  }
}
