package org.gridwarden.mdm.billrun;

import java.util.Locale;

/** Why something is not billed; the message says where, and what to do. */
public final class Blocked extends Exception {
  private static final long serialVersionUID = 1L;

  /** In a word. */
  public enum Reason {
    /** The period is not over, or its last night's validation has not run. */
    NOT_OVER,
    /** Readings are held after tamper and not released (C20). */
    HELD,
    /** Slots have no value. */
    MISSING,
    /** Slots came in no authenticated message. */
    UNAUTHENTICATED,
    /** The meter doubts them itself, or its clock. */
    DOUBTFUL,
    /** Validation asks a person, who has not answered. */
    EXCEPTION,
    /** Stored values were changed behind the office's back. */
    INTEGRITY,
    /** No meter stands at the service point, or none for a part of the period. */
    NO_METER,
    /** Readings do not make one load. */
    UNFIT,
    /** The tariff has no version for a part of the period, or none that can be read. */
    NO_TARIFF,
    /** The tariff reckons over more than this period. */
    TARIFF,
    /** Another bill covers a part of the period. */
    OVERLAPS,
    /** The agreements of the period leave days out. */
    AGREEMENT;

    /** As it is stored and printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  Blocked(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Why, in a word. */
  public Reason reason() {
    return reason;
  }

  /** Where, and what to do. */
  public String detail() {
    return String.valueOf(getMessage());
  }
}
