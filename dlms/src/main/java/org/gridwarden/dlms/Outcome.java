package org.gridwarden.dlms;

/** What reading an attribute gave: a value or a refusal (Get-Data-Result, clause 9.5). */
public sealed interface Outcome {
  /** The attribute's value. */
  record Value(DlmsData data) implements Outcome {
    static final Value NULL = new Value(DlmsData.NullData.INSTANCE);
  }

  /** Why there is none. */
  record Refused(AccessResult why) implements Outcome {}
}
