package org.gridwarden.dlms.objects;

/**
 * Says what a token is worth: a port that the device implements, such as for STS (IEC 62055-41).
 * Called with the account's lock held; it does not wait for another thread that asks the account.
 */
public interface TokenVerifier {
  /** What a token turned out to be. */
  sealed interface Verdict {
    /**
     * It is genuine and for this meter.
     *
     * @param id which token it is, the same however often it comes
     * @param amount what it tops up, in the account's currency; from 1
     */
    record Genuine(String id, long amount) implements Verdict {}

    /** It is not. */
    record Refused(Stage at) implements Verdict {}
  }

  /** Where a token failed. */
  enum Stage {
    FORMAT,
    AUTHENTICATION,
    VALIDATION
  }

  /** Looks at a token; changes nothing. */
  Verdict verify(byte[] token);

  /**
   * Marks a token as used, durably, before its amount is booked.
   *
   * @return false where it was used before: then nothing is booked
   */
  boolean redeem(String id);
}
