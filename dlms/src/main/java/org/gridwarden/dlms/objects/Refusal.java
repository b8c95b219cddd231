package org.gridwarden.dlms.objects;

import org.gridwarden.dlms.AccessResult;

/**
 * Why an object does not take a value or parameter. Carries no stack trace: a client can cause as
 * many as it likes.
 */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param why what the client is told; no success
   * @throws IllegalArgumentException where it is one
   */
  public Refusal(AccessResult why) {
    super(why.toString(), null, false, false);
    if (why.isSuccess()) {
      throw new IllegalArgumentException("success is no refusal");
    }
    this.code = why.code();
  }

  /** What the client is told. */
  public AccessResult why() {
    return new AccessResult(code);
  }

  /** The value has not the type that the class says. */
  public static Refusal type() {
    return new Refusal(AccessResult.TYPE_UNMATCHED);
  }

  /** The type is right, the value is none that the object takes now. */
  public static Refusal value() {
    return new Refusal(AccessResult.OTHER_REASON);
  }
}
