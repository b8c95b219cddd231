package org.gridwarden.headend.keys;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.Tx;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.KeyChanges;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.keys.MasterWrap;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.KeyBook;
import org.gridwarden.store.StoredCommand;

/**
 * Makes the keys that orders carry, and follows the orders to their end. What an order carries is
 * wrapped under the meter's master key; what the office keeps, under its own. A key is forgotten
 * only where its meter cannot have it: after an order of which nobody knows what became of it, the
 * key stays pending, both keys are accepted, and the next change carries the same key once more.
 * Thread-safe.
 */
public final class KeyMaker implements KeyChanges {
  /** What can be changed by a command. */
  public static final Set<Purpose> CHANGEABLE =
      Set.copyOf(EnumSet.of(Purpose.DLMS_GLOBAL_UNICAST, Purpose.COMMAND_SEAL, Purpose.MESSAGE));

  private static final int KEY_ID = 8;

  private final OfficeKey office;
  private final KeyAccess access;
  private final KeyBook book;
  private final CommandBook commands;
  private final Function<MeterId, Boolean> signsReceipts;

  /**
   * @param access opens the keys that meters have now
   * @param signsReceipts whether what a meter answers can be proven to be its own
   */
  public KeyMaker(
      OfficeKey office,
      KeyAccess access,
      KeyBook book,
      CommandBook commands,
      Function<MeterId, Boolean> signsReceipts) {
    this.office = office;
    this.access = access;
    this.book = book;
    this.commands = commands;
    this.signsReceipts = signsReceipts;
  }

  /** What a meter has: its master key, and how long the keys are that change. */
  private record Has(Secret master, Map<Purpose, KeySet> keys) {}

  @Override
  public Maker prepare(List<Meter> meters, Set<Purpose> purposes) {
    Map<MeterId, Has> all = new HashMap<>();
    for (Meter meter : meters) {
      all.put(meter.id(), has(meter.id(), purposes.isEmpty() ? CHANGEABLE : purposes, purposes));
    }
    return (tx, meter, id) -> make(tx, meter, id, all.get(meter.id()));
  }

  private Has has(MeterId meter, Set<Purpose> wanted, Set<Purpose> needed) {
    Secret master =
        access
            .keys(meter, Purpose.DLMS_MASTER)
            .map(KeySet::encryption)
            .orElseThrow(() ->
                fault(
                    meter,
                    "it was shipped without a master key (column 'master'), so no key can be sent"
                        + " to it"));
    if (!signsReceipts.apply(meter)) {
      throw fault(
          meter, "it cannot sign a receipt, so that nobody would know whether it has the new keys");
    }
    Map<Purpose, KeySet> keys = new HashMap<>();
    for (Purpose purpose : wanted) {
      if (!CHANGEABLE.contains(purpose)) {
        throw fault(
            meter,
            "its DLMS keys, its seal and its messages' key are changed by a command, no others");
      }
      Optional<KeySet> is = access.keys(meter, purpose);
      if (is.isEmpty() && needed.contains(purpose)) {
        throw fault(meter, "it has no such key in force");
      }
      is.ifPresent(set -> keys.put(purpose, set));
    }
    if (keys.isEmpty()) {
      throw fault(
          meter, "it has no keys in force; they were revoked, and a person gives it new ones");
    }
    return new Has(master, keys);
  }

  private Action.ChangeKeys make(
      Tx tx, Meter meter, CommandId id, @org.jspecify.annotations.Nullable Has has) {
    if (has == null) {
      throw new IllegalStateException("meter " + meter.id() + " was not prepared");
    }
    Map<Purpose, KeySet> carried = new HashMap<>();
    for (KeyBook.Pending pending : book.pending(tx, meter.id())) {
      carried.put(pending.purpose(), again(tx, meter.id(), pending));
    }
    has.keys().forEach((purpose, is) -> carried.computeIfAbsent(purpose, p -> fresh(is)));
    List<Action.NewKey> keys =
        carried.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> wrapped(has.master(), e.getKey(), e.getValue()))
            .toList();
    carried.forEach((purpose, set) ->
        book.propose(tx, meter.id(), purpose, office.wrapLocally(meter.id(), purpose, set), id));
    return new Action.ChangeKeys(keys);
  }

  /** The key of an order that nobody knows the end of: the meter may have it. */
  private KeySet again(Tx tx, MeterId meter, KeyBook.Pending pending) {
    commands
        .hold(tx, pending.command())
        .filter(before -> !before.state().isEnd())
        .ifPresent(before -> {
          throw fault(meter, "a change of its keys is on its way: command " + before.id().value());
        });
    Wrapped wrapped = pending.wrapped();
    try {
      return office.open(meter, pending.purpose(), wrapped);
    } catch (UnusableKeyException e) {
      throw fault(meter, "its pending key does not open: " + e.getMessage());
    }
  }

  private static KeySet fresh(KeySet is) {
    byte[] id = new byte[KEY_ID];
    OfficeKey.random().nextBytes(id);
    return new KeySet(
        id,
        MasterWrap.fresh(is.encryption().length()),
        is.authentication().length() == 0
            ? new Secret(new byte[0])
            : MasterWrap.fresh(is.authentication().length()));
  }

  private static Action.NewKey wrapped(Secret master, Purpose purpose, KeySet set) {
    return new Action.NewKey(
        purpose,
        set.keyId(),
        MasterWrap.wrap(master, set.encryption()),
        set.authentication().length() == 0
            ? new byte[0]
            : MasterWrap.wrap(master, set.authentication()));
  }

  @Override
  public void moved(Tx tx, StoredCommand before, CommandState to) {
    switch (to) {
      case CONFIRMED -> book.confirm(tx, before.meter(), before.id());
      case REFUSED, EXPIRED -> book.drop(tx, before.id());
      case FAILED -> {
        // from in doubt it fails where nobody knows whether the meter has done it
        if (before.state() != CommandState.IN_DOUBT) {
          book.drop(tx, before.id());
        }
      }
      default -> {}
    }
  }

  @Override
  public void told(MeterId meter) {
    book.changed(meter);
  }

  @Override
  public boolean done(StoredCommand command) {
    return book.confirmed(command.id());
  }

  private static CommandFault fault(MeterId meter, String remedy) {
    return new CommandFault(Fault.Code.CONFLICT, "meter " + meter, remedy);
  }
}
