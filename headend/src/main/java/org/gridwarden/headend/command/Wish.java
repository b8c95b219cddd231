package org.gridwarden.headend.command;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.command.ActionCodec;
import org.gridwarden.store.StoredCommand;

/**
 * The same done to some meters.
 *
 * @param meters to whom, 1 to {@link #MOST}; one that is named twice counts once
 * @param reason why, 1 to 500 characters
 * @param notBefore empty for at once
 * @param expires empty for as long after that as the policy says
 */
public record Wish(
    List<MeterId> meters,
    Action action,
    String reason,
    Optional<Instant> notBefore,
    Optional<Instant> expires) {
  /** So many meters at once. */
  public static final int MOST = 10_000;

  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * @throws CommandFault MALFORMED, naming the part
   */
  public Wish {
    meters = meters.stream().distinct().toList();
    if (meters.isEmpty() || meters.size() > MOST) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "meters", "name 1 to " + MOST + " of them at a time");
    }
    reason(reason);
  }

  static void reason(String reason) {
    if (reason.isBlank() || reason.length() > 500) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "reason", "say why, in 1 to 500 characters: it stands in the log");
    }
  }

  private Instant begin(Instant now) {
    return notBefore.filter(now::isBefore).orElse(now);
  }

  private Instant end(CommandPolicy policy, Instant now) {
    return expires.orElse(begin(now).plus(policy.validity()));
  }

  /**
   * @throws CommandFault MALFORMED where the times do not fit
   */
  void times(CommandPolicy policy, Instant now) {
    if (!end(policy, now).isAfter(begin(now).plusSeconds(1))) {
      throw new CommandFault(
          Fault.Code.MALFORMED, "expires", "a command expires after it may be sent");
    }
    if (end(policy, now).isAfter(now.plus(LONGEST).plus(policy.validity()))) {
      throw new CommandFault(Fault.Code.MALFORMED, "expires", "a command is for the next 366 days");
    }
  }

  /**
   * The command to one meter, drafted now.
   *
   * @param what the action, which may carry something of this meter's own
   */
  StoredCommand command(
      CommandId id,
      Meter meter,
      Action what,
      Function<MeterId, String> feeders,
      CommandPolicy policy,
      Actor by,
      Instant now) {
    Instant begin = begin(now);
    return new StoredCommand(
        id,
        meter.id(),
        feeders.apply(meter.id()),
        what.word(),
        ActionCodec.parameters(what),
        reason,
        by.name(),
        now,
        begin,
        end(policy, now),
        begin,
        CommandState.DRAFTED,
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        0,
        Verdict.switches(what));
  }
}
