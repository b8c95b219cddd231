package org.gridwarden.dlms.objects;

/**
 * What a prepayment account acts upon: a port that the device implements, such as over its
 * Disconnect control. Called with the account's lock held, in the order of what happened: it
 * neither blocks nor waits for another thread that asks the account.
 */
public interface PaymentSupply {
  /** Whether the supply is disconnected now. */
  boolean disconnected();

  /** Whether it is a time of limited load. */
  boolean loadLimited();

  /** Whether it is a time of friendly credit, such as a night, in which nobody is disconnected. */
  boolean friendlyCredit();

  /** Warns the consumer that credit runs low, or takes the warning back. */
  void lowCredit(boolean low);

  /**
   * Told when the last credit is used up, and when there is credit again: whether the consumer may
   * have supply. Does not come where payment is by credit mode, nor twice the same.
   */
  void credit(boolean any);
}
