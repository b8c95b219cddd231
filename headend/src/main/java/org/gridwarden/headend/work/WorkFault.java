package org.gridwarden.headend.work;

import org.gridwarden.core.Fault;

/** A person's act upon work in the field cannot be. */
public final class WorkFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  WorkFault(Fault.Code code, String where, String remedy) {
    super(where + ": " + remedy, null, false, false);
    this.fault = new Fault(code, where, remedy);
  }

  /** What, where and what to do. */
  public Fault fault() {
    return fault;
  }
}
