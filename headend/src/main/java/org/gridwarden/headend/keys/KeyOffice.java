package org.gridwarden.headend.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.Shipment;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.store.MeterCase;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoredCommand;

/** What people do about meters' keys. Each act is audited in its own transaction. Thread-safe. */
public final class KeyOffice {
  private final Store store;
  private final CommandOffice commands;
  private final OfficeKey key;
  private final InstantSource clock;

  public KeyOffice(Store store, CommandOffice commands, OfficeKey key, InstantSource clock) {
    this.store = store;
    this.commands = commands;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Drafts an order of new keys for each of some meters.
   *
   * @param purposes which keys; all that can be changed where empty
   * @throws CommandFault as {@link CommandOffice#draft}, and where a meter cannot be sent keys
   */
  public List<StoredCommand> rotate(
      List<MeterId> meters,
      Set<Purpose> purposes,
      String reason,
      Optional<Instant> expires,
      Actor by) {
    Wish wish =
        new Wish(meters, new Action.ChangeKeys(List.of()), reason, Optional.empty(), expires);
    return commands.draft(wish, purposes, by);
  }

  /**
   * Keys a meter anew that erased its keys, from its fitter's line: its keys are revoked, its case
   * is closed, and another person gave the verdict.
   *
   * @param shipment names this meter alone
   * @return how many keys are in force now
   * @throws CommandFault naming what stands against it; nothing is changed then
   */
  public int replace(MeterId meter, Shipment shipment, String reason, Actor by) {
    if (reason.isBlank() || reason.length() > 500) {
      throw fault(Fault.Code.MALFORMED, meter, "say why, in 1 to 500 characters");
    }
    if (!shipment.errors().isEmpty()) {
      throw fault(Fault.Code.MALFORMED, meter, String.valueOf(shipment.errors().getFirst()));
    }
    if (shipment.lines().size() != 1 || !shipment.lines().getFirst().meter().equals(meter)) {
      throw fault(Fault.Code.MALFORMED, meter, "the file names this meter, and no other");
    }
    ShipmentLine line = shipment.lines().getFirst();
    try {
      return store
          .meters()
          .changing(changes -> {
            MeterCase about =
                store
                    .cases()
                    .latest(changes.tx(), meter)
                    .orElseThrow(() ->
                        fault(
                            Fault.Code.CONFLICT,
                            meter,
                            "no case says why its keys should be replaced; they change by a command"
                                + " ('keys rotate')"));
            need(about, by);
            int keys = changes.replaceKeys(line, key, by, reason);
            store
                .cases()
                .step(
                    changes.tx(),
                    about.id(),
                    MeterCase.What.NOTE,
                    by,
                    "its keys were replaced: " + reason,
                    clock.instant());
            return keys;
          });
    } catch (IllegalArgumentException e) {
      throw fault(Fault.Code.CONFLICT, meter, String.valueOf(e.getMessage()));
    }
  }

  private static void need(MeterCase about, Actor by) {
    if (about.closed().isEmpty()) {
      throw new CommandFault(
          Fault.Code.CONFLICT,
          "case " + about.id(),
          "it is open: somebody closes it with a verdict first, and another person replaces the"
              + " keys");
    }
    if (about.closedBy().equals(by.name())) {
      throw new CommandFault(
          Fault.Code.FORBIDDEN,
          "case " + about.id(),
          "its verdict is yours: another person replaces the keys");
    }
  }

  private static CommandFault fault(Fault.Code code, MeterId meter, String remedy) {
    return new CommandFault(code, "meter " + meter, remedy);
  }
}
