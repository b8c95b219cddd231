package org.gridwarden.dlms.security;

import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsException;

/**
 * How two sides prove to each other that they are who they say: f(challenge) of a mechanism of high
 * level security (IEC 62056-5-3, clause 9.2.7.4.3). {@link Hls} has those that the standard
 * defines; a manufacturer's own, mechanism 2, implements this interface.
 */
public interface HighLevelSecurity {
  /** Which one it is; one that {@link Acse.Mechanism#high}. */
  Acse.Mechanism mechanism();

  /** Whether both sides' system titles are part of the proof. */
  default boolean needsTitles() {
    return false;
  }

  /**
   * A side's answer to the other side's challenge.
   *
   * @throws DlmsException where a key is missing
   */
  byte[] prove(Side prover, HlsExchange exchange) throws DlmsException;

  /**
   * Checks a side's answer to our challenge, in a time that does not depend on where it is wrong.
   *
   * @throws DlmsException UNAUTHENTICATED where it does not hold
   */
  void check(Side prover, byte[] proof, HlsExchange exchange) throws DlmsException;
}
