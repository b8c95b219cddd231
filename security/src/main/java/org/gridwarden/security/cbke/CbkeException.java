package org.gridwarden.security.cbke;

/** What a partner sent is refused; says nothing secret. */
public final class CbkeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  /**
   * @param why for people
   */
  public CbkeException(Refusal refusal, String why) {
    super(why);
    this.refusal = refusal;
  }

  /** What the partner is told. */
  public Refusal refusal() {
    return refusal;
  }
}
