package org.gridwarden.headend.command;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Tx;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.StoredCommand;

/** How a command is let through within a transaction, by the policy or by a person. Stateless. */
final class Releases {
  private static final String TOO_LATE = "its turn at its feeder comes after its expiry";

  private final CommandBook book;
  private final InstantSource clock;

  Releases(CommandBook book, InstantSource clock) {
    this.book = book;
    this.clock = clock;
  }

  /** Why a command is refused that cannot have its turn. */
  static String tooLate() {
    return TOO_LATE;
  }

  /** Whoever counts holds what is counted until the commit: racing acts come one by one. */
  void hold(Tx tx, Collection<String> feeders, Collection<String> users) {
    TreeSet<String> names = new TreeSet<>(List.of("all"));
    users.forEach(user -> names.add("user " + user));
    feeders.stream().filter(f -> !f.isEmpty()).forEach(f -> names.add("feeder " + f));
    book.holdWindows(tx, names);
  }

  /**
   * Holds a command that stands where it must.
   *
   * @throws CommandFault where it does not, or there is none
   */
  StoredCommand held(Tx tx, CommandId id, CommandState... allowed) {
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

  /** Lets a command through, after the feeder's last one where it switches. */
  StoredCommand release(
      CommandSteps.Turn turn, StoredCommand command, Tally tally, Actor by, String secondPerson) {
    Optional<Instant> due =
        tally.turn(command.switching(), command.feeder(), command.notBefore(), command.expires());
    if (due.isEmpty()) {
      return turn.step(command, CommandState.REFUSED, by, TOO_LATE);
    }
    book.release(turn.tx(), command.id(), clock.instant(), due.get(), secondPerson);
    return turn.step(command.released(due.get(), secondPerson), CommandState.RELEASED, by, "");
  }
}
