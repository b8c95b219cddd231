package org.gridwarden.mdm.ledger;

/** What a balance goes through where somebody pays beforehand, in the words that are stored. */
public final class LedgerWords {
  /** It fell to where its owner is warned. */
  public static final String LOW = "balance.low";

  /** It fell below zero: the emergency credit is in use. */
  public static final String EMERGENCY = "credit.emergency";

  /** The emergency credit is used up. */
  public static final String EXHAUSTED = "credit.exhausted";

  /** Beside it: somebody may order a disconnection, under the policy of all commands. */
  public static final String DISCONNECTION_PROPOSED = "disconnection.proposed";

  /** It rose above the end of the emergency credit again. */
  public static final String RESTORED = "credit.restored";

  private LedgerWords() {}
}
