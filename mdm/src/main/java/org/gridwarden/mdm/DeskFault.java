package org.gridwarden.mdm;

import org.gridwarden.core.Fault;

/** What somebody brings, a tariff or a payment say, cannot be taken. */
public final class DeskFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  /**
   * @param where which part is wrong
   * @param remedy what to do
   */
  public DeskFault(Fault.Code code, String where, String remedy) {
    super(where + ": " + remedy, null, false, false);
    this.fault = new Fault(code, where, remedy);
  }

  /** What, where and what to do. */
  public Fault fault() {
    return fault;
  }
}
