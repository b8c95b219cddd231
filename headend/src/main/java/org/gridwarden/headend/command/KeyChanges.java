package org.gridwarden.headend.command;

import java.util.List;
import java.util.Set;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.store.StoredCommand;

/** What a key change is beside a command: keys are made, put in force and forgotten. */
public interface KeyChanges {
  /** Makes the keys of one order, in the transaction that drafts it. */
  interface Maker {
    /**
     * @return the action that carries them, wrapped
     * @throws CommandFault where a change of this meter's keys is on its way
     */
    Action.ChangeKeys make(Tx tx, Meter meter, CommandId id);
  }

  /**
   * Opens what is needed to make keys of some meters; in no transaction.
   *
   * @param purposes which keys; all that a meter has where empty
   * @throws CommandFault where a meter cannot be sent keys: it has no master key, say
   */
  Maker prepare(List<Meter> meters, Set<Purpose> purposes);

  /** A command that changes keys takes a step; in the step's own transaction. */
  void moved(Tx tx, StoredCommand before, CommandState to);

  /** A meter's keys may have changed; after the commit. */
  void told(MeterId meter);

  /** Whether the meter has shown by itself that it uses an order's keys. */
  boolean done(StoredCommand command);

  /** Where no keys are changed by commands. */
  KeyChanges NONE =
      new KeyChanges() {
        @Override
        public Maker prepare(List<Meter> meters, Set<Purpose> purposes) {
          throw new CommandFault(
              Fault.Code.CONFLICT, "action", "this office changes no keys by commands");
        }

        @Override
        public void moved(Tx tx, StoredCommand before, CommandState to) {
          // there is no key to care for
        }

        @Override
        public void told(MeterId meter) {
          // nobody keeps keys open
        }

        @Override
        public boolean done(StoredCommand command) {
          return false;
        }
      };
}
