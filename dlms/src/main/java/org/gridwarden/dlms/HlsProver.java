package org.gridwarden.dlms;

/**
 * How one side proves who it is, and checks the other, where the sides exchange challenges: high
 * level security (IEC 62056-5-3, clause 9.2.7.4). {@link org.gridwarden.dlms.security.Hls} has the
 * mechanisms that the standard defines; a manufacturer's own, mechanism 2, implements this
 * interface. One thread at a time.
 */
public interface HlsProver {
  /** Which mechanism it is. */
  Acse.Mechanism mechanism();

  /** How long a challenge is at least, in bytes: the other side's, and our own. */
  default int shortestChallenge() {
    return HlsExchange.SHORTEST;
  }

  /** Whether the proofs are about the system titles, so that both sides have to tell theirs. */
  default boolean needsTitles() {
    return false;
  }

  /** f(challenge): what answers the other side's challenge. */
  byte[] prove(HlsExchange exchange) throws DlmsException;

  /**
   * Checks what the other side answers to our challenge, in a time that does not depend on where it
   * is wrong.
   *
   * @throws DlmsException UNAUTHENTICATED where it does not hold
   */
  void check(byte[] proof, HlsExchange exchange) throws DlmsException;
}
