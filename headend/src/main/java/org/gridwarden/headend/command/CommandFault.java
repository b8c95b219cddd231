package org.gridwarden.headend.command;

import org.gridwarden.core.Fault;

/** A person's act upon a command cannot be. */
public final class CommandFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  /**
   * @param where which part is wrong
   * @param remedy what to do
   */
  public CommandFault(Fault.Code code, String where, String remedy) {
    super(where + ": " + remedy, null, false, false);
    this.fault = new Fault(code, where, remedy);
  }

  /** What, where and what to do. */
  public Fault fault() {
    return fault;
  }
}
