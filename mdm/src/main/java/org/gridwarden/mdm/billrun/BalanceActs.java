package org.gridwarden.mdm.billrun;

import java.time.Instant;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.MeterId;

/** What the office does about a balance. Implemented where commands and events are. Thread-safe. */
public interface BalanceActs {
  /**
   * Tells a consumer, by an event of the meter.
   *
   * @param word of the ledger's vocabulary
   * @param same what makes it the same event when it is told again
   * @param text one sentence
   */
  void tell(MeterId meter, Instant at, String word, String same, String text)
      throws InterruptedException;

  /**
   * Drafts an order, which people let through, sign or refuse, under the policy of all commands.
   *
   * @param reason stands in the audit log, and is found again
   */
  CommandId propose(MeterId meter, Action action, String reason);

  /**
   * Refuses an order that was proposed and is not sent.
   *
   * @return whether it was not
   */
  boolean withdraw(CommandId command, String why);
}
