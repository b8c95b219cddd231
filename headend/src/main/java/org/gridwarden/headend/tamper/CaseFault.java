package org.gridwarden.headend.tamper;

import org.gridwarden.core.Fault;

/** A person's act upon an alarm, a case or a quarantined meter cannot be. */
public final class CaseFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  CaseFault(Fault.Code code, String where, String remedy) {
    super(where + ": " + remedy, null, false, false);
    this.fault = new Fault(code, where, remedy);
  }

  /** What, where and what to do. */
  public Fault fault() {
    return fault;
  }
}
