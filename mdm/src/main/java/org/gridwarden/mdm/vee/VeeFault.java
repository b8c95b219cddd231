package org.gridwarden.mdm.vee;

import org.gridwarden.core.Fault;

/** A person's act upon what validation found cannot be. */
public final class VeeFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  VeeFault(Fault.Code code, String where, String remedy) {
    super(where + ": " + remedy, null, false, false);
    this.fault = new Fault(code, where, remedy);
  }

  /** What, where and what to do. */
  public Fault fault() {
    return fault;
  }
}
