package org.gridwarden.headend.command;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.StoredCommand;

/**
 * Transactions in which commands take steps. Who watches is told of each step once it is committed,
 * and of none that is not. Thread-safe.
 */
final class CommandSteps {
  private static final String CHANGE_KEYS = new Action.ChangeKeys(List.of()).word();

  private final UnitOfWork work;
  private final CommandBook book;
  private final Consumer<? super LiveEvent> told;
  private final InstantSource clock;
  private volatile KeyChanges keys = KeyChanges.NONE;

  CommandSteps(
      UnitOfWork work, CommandBook book, Consumer<? super LiveEvent> told, InstantSource clock) {
    this.work = work;
    this.book = book;
    this.told = told;
    this.clock = clock;
  }

  void changingKeysWith(KeyChanges changes) {
    keys = changes;
  }

  KeyChanges keys() {
    return keys;
  }

  /** One transaction; its act is for one thread. */
  <T> T call(Function<Turn, T> act) {
    List<LiveEvent.CommandMoved> moved = new ArrayList<>();
    Set<MeterId> rekeyed = new LinkedHashSet<>();
    T result =
        work.call(tx -> {
          moved.clear();
          rekeyed.clear();
          return act.apply(new Turn(tx, moved, rekeyed));
        });
    rekeyed.forEach(keys::told); // before anybody acts upon what is told
    moved.forEach(told);
    return result;
  }

  /** What may be done within the transaction. */
  final class Turn {
    private final Tx tx;
    private final List<LiveEvent.CommandMoved> moved;
    private final Set<MeterId> rekeyed;

    private Turn(Tx tx, List<LiveEvent.CommandMoved> moved, Set<MeterId> rekeyed) {
      this.tx = tx;
      this.moved = moved;
      this.rekeyed = rekeyed;
    }

    Tx tx() {
      return tx;
    }

    /** Writes a new command. */
    StoredCommand add(StoredCommand command, Actor by) {
      book.add(tx, command, by);
      if (command.word().equals(CHANGE_KEYS)) {
        rekeyed.add(command.meter());
      }
      tell(command);
      return command;
    }

    /** Takes a step with a command that is held, and returns it as it stands now. */
    StoredCommand step(StoredCommand command, CommandState to, Actor by, String note) {
      if (command.word().equals(CHANGE_KEYS)) {
        keys.moved(tx, command, to);
        rekeyed.add(command.meter());
      }
      book.step(tx, command.id(), to, by, note);
      StoredCommand now = command.moved(to, note);
      tell(now);
      return now;
    }

    private void tell(StoredCommand command) {
      moved.add(
          new LiveEvent.CommandMoved(
              command.id(), command.meter(), command.state(), clock.instant(), command.why()));
    }
  }
}
