package org.gridwarden.core;

/** A channel could not do what it was asked. */
public final class ChannelException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Fault fault;

  public ChannelException(Fault fault) {
    super(fault.code() + " at " + fault.where() + ": " + fault.remedy());
    this.fault = fault;
  }

  public ChannelException(Fault fault, Throwable cause) {
    super(fault.code() + " at " + fault.where() + ": " + fault.remedy(), cause);
    this.fault = fault;
  }

  /** What went wrong, where, and what to do. */
  public Fault fault() {
    return fault;
  }
}
