package org.gridwarden.headend.command;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.StoredCommand;
import org.jspecify.annotations.Nullable;

/**
 * What a second person decides upon commands that wait, one or many. Each is judged for itself: one
 * that cannot be released stops none of the others. Thread-safe.
 */
public final class SecondPerson {
  /** So many are decided upon in one act. */
  public static final int MOST = 1_000;

  /** So many commands a transaction. */
  private static final int AT_ONCE = 200;

  private static final Actor POLICY = Actor.system("policy");
  private static final CommandState[] NOT_SENT = {
    CommandState.QUARANTINED, CommandState.RELEASED, CommandState.SIGNED, CommandState.QUEUED
  };

  private final CommandSteps steps;
  private final CommandBook book;
  private final Releases releases;
  private final PolicyDesk policies;
  private final MeterDirectory meters;
  private final AuditGuard audit;
  private final InstantSource clock;

  SecondPerson(
      CommandSteps steps,
      CommandBook book,
      Releases releases,
      PolicyDesk policies,
      MeterDirectory meters,
      AuditGuard audit,
      InstantSource clock) {
    this.steps = steps;
    this.book = book;
    this.releases = releases;
    this.policies = policies;
    this.meters = meters;
    this.audit = audit;
    this.clock = clock;
  }

  /** What became of one command among many. */
  public sealed interface Outcome {
    /** It was decided upon, now or by the same person before. */
    record Decided(StoredCommand command) implements Outcome {}

    /** It was not, and why. */
    record Not(CommandId id, Fault fault) implements Outcome {}
  }

  /**
   * Lets a quarantined command through.
   *
   * @param seen the order's bytes as the second person saw them: another order is not approved
   * @throws CommandFault where it is not quarantined, the person drafted it, or it is another one
   */
  public StoredCommand approve(CommandId id, Actor by, byte[] seen) {
    audit.need();
    return steps.call(turn -> {
      StoredCommand command = waiting(turn, id, by, seen);
      if (command.switching()) {
        releases.hold(turn.tx(), List.of(command.feeder()), List.of(command.draftedBy()));
      }
      return approve(turn, command, tally(turn, clock.instant()), by);
    });
  }

  /**
   * Lets many through. Doing it twice changes nothing.
   *
   * @param seen the orders' bytes as the second person saw them, by command; at most {@link #MOST}
   * @return what became of each, in their order
   * @throws CommandFault where the audit log does not keep up; nothing is released then
   */
  public List<Outcome> approve(SequencedMap<CommandId, byte[]> seen, Actor by) {
    audit.need();
    return each(
        seen.sequencedKeySet(),
        (turn, some) -> {
          Map<CommandId, Outcome> outcomes = new HashMap<>();
          List<StoredCommand> good = new ArrayList<>();
          for (CommandId id : some) { // rows first, then windows: as one that is alone does
            byte[] bytes = Objects.requireNonNull(seen.get(id));
            try {
              StoredCommand before = releasedBefore(turn, id, by, bytes);
              if (before != null) {
                outcomes.put(id, new Outcome.Decided(before));
              } else {
                good.add(waiting(turn, id, by, bytes));
              }
            } catch (CommandFault e) {
              outcomes.put(id, new Outcome.Not(id, e.fault()));
            }
          }
          List<StoredCommand> switching = good.stream().filter(StoredCommand::switching).toList();
          if (!switching.isEmpty()) {
            releases.hold(
                turn.tx(),
                switching.stream().map(StoredCommand::feeder).toList(),
                switching.stream().map(StoredCommand::draftedBy).toList());
          }
          Tally tally = tally(turn, clock.instant());
          for (StoredCommand command : good) {
            try {
              outcomes.put(command.id(), new Outcome.Decided(approve(turn, command, tally, by)));
            } catch (CommandFault e) { // thrown before anything was written
              outcomes.put(command.id(), new Outcome.Not(command.id(), e.fault()));
            }
          }
          return outcomes;
        });
  }

  private Tally tally(CommandSteps.Turn turn, Instant now) {
    return Tally.uncounted(turn.tx(), book, policies.inForce(turn.tx()), now, "");
  }

  /** The command, where this person has released this very order already. */
  private @Nullable StoredCommand releasedBefore(
      CommandSteps.Turn turn, CommandId id, Actor by, byte[] seen) {
    return book.hold(turn.tx(), id)
        .filter(c -> c.state() != CommandState.QUARANTINED && c.releasedBy().equals(by.name()))
        .filter(c -> Arrays.equals(seen, CommandOffice.order(c).bytes()))
        .orElse(null);
  }

  private StoredCommand waiting(CommandSteps.Turn turn, CommandId id, Actor by, byte[] seen) {
    StoredCommand command = releases.held(turn.tx(), id, CommandState.QUARANTINED);
    if (command.draftedBy().equals(by.name())) {
      throw new CommandFault(
          Fault.Code.FORBIDDEN, "command", "who drafted it cannot release it: ask somebody else");
    }
    if (!Arrays.equals(seen, CommandOffice.order(command).bytes())) {
      throw new CommandFault(
          Fault.Code.CONFLICT, "command", "it is not the one that was looked at: look again");
    }
    return command;
  }

  private StoredCommand approve(
      CommandSteps.Turn turn, StoredCommand command, Tally tally, Actor by) {
    Action action = CommandOffice.action(command.word(), command.parameters());
    Meter meter =
        meters
            .byId(command.meter())
            .orElseThrow(() ->
                new CommandFault(
                    Fault.Code.UNKNOWN_METER, "meter", "no such meter is known to the office"));
    // what nobody may do, two may not either; what is counted was counted to ask a second one
    if (Verdict.of(action, tally.policy(), tally.facts(meter, command.feeder()))
        instanceof Verdict.Refuse r) {
      return turn.step(command, CommandState.REFUSED, POLICY, r.why());
    }
    if (!clock.instant().isBefore(command.expires())) {
      return turn.step(command, CommandState.EXPIRED, POLICY, "nobody released it in time");
    }
    return releases.release(turn, command, tally, by, by.name());
  }

  /**
   * Refuses a command that is not sent yet.
   *
   * @param why 1 to 500 characters
   * @throws CommandFault where it is sent, or has come to its end
   */
  public StoredCommand refuse(CommandId id, Actor by, String why) {
    Wish.reason(why);
    return steps.call(
        turn -> turn.step(releases.held(turn.tx(), id, NOT_SENT), CommandState.REFUSED, by, why));
  }

  /**
   * Refuses many. Doing it twice changes nothing.
   *
   * @param ids at most {@link #MOST}
   * @param why 1 to 500 characters
   * @return what became of each, in their order
   */
  public List<Outcome> refuse(List<CommandId> ids, Actor by, String why) {
    Wish.reason(why);
    return each(
        ids,
        (turn, some) -> {
          Map<CommandId, Outcome> outcomes = new HashMap<>();
          for (CommandId id : some) {
            try {
              StoredCommand is =
                  book.hold(turn.tx(), id)
                      .filter(c -> c.state() == CommandState.REFUSED)
                      .orElse(null);
              outcomes.put(
                  id,
                  new Outcome.Decided(
                      is != null
                          ? is
                          : turn.step(
                              releases.held(turn.tx(), id, NOT_SENT),
                              CommandState.REFUSED,
                              by,
                              why)));
            } catch (CommandFault e) { // thrown before anything was written
              outcomes.put(id, new Outcome.Not(id, e.fault()));
            }
          }
          return outcomes;
        });
  }

  private interface Some {
    Map<CommandId, Outcome> act(CommandSteps.Turn turn, List<CommandId> some);
  }

  /** Some at a time, each time in one order, so that nobody waits for each other. */
  private List<Outcome> each(Collection<CommandId> ids, Some act) {
    if (ids.isEmpty() || ids.size() > MOST) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "items", "are 1 to " + MOST + " commands in one act");
    }
    TreeSet<CommandId> sorted = new TreeSet<>(Comparator.comparing(CommandId::value));
    sorted.addAll(ids);
    List<CommandId> ordered = List.copyOf(sorted);
    Map<CommandId, Outcome> outcomes = new HashMap<>();
    for (int i = 0; i < ordered.size(); i += AT_ONCE) {
      List<CommandId> some = ordered.subList(i, Math.min(ordered.size(), i + AT_ONCE));
      outcomes.putAll(steps.call(turn -> act.act(turn, some)));
    }
    return ids.stream().distinct().map(id -> Objects.requireNonNull(outcomes.get(id))).toList();
  }
}
