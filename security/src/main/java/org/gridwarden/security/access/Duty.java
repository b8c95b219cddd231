package org.gridwarden.security.access;

/**
 * What a permission is part of. Nobody has two of {@link #ACTS}, {@link #GRANTS} and {@link
 * #AUDITS} (control C28): who grants does not command, an operator grants nothing, and an auditor
 * only reads.
 */
public enum Duty {
  /** Looks, and goes with everything but {@link #OWNS}. */
  READS,
  /** Acts on meters, their data and their customers. */
  ACTS,
  /** Decides who may what, and whose keys count. */
  GRANTS,
  /** Reads what the others did. */
  AUDITS,
  /** Belongs to a customer, and goes with nothing else: staff who are customers have two users. */
  OWNS
}
