package org.gridwarden.headend.command;

import java.util.function.BooleanSupplier;
import org.gridwarden.core.Fault;

/**
 * Without a log that is vouched for, nobody commands. Thread-safe.
 *
 * @param keepsUp whether it is, up to now
 */
record AuditGuard(BooleanSupplier keepsUp) {
  /**
   * @throws CommandFault BUSY where it is not
   */
  void need() {
    if (!keepsUp.getAsBoolean()) {
      throw new CommandFault(
          Fault.Code.BUSY,
          "audit log",
          "it is not vouched for, so no command goes out: see the server's log; readings go on");
    }
  }
}
