package org.gridwarden.mdm.validation;

/** What follows where a rule finds something. */
public enum Then {
  /** The rule is not run. */
  OFF,
  /** The value stays and is marked; a person looks. */
  FLAG,
  /** The value is not believed: an estimate takes its place in the final layer. */
  ESTIMATE
}
