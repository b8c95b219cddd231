package org.gridwarden.dlms;

/**
 * How one side proves who it is, and checks the other, where the sides exchange challenges: high
 * level security (IEC 62056-5-3, clause 9.2.7.4). One thread at a time.
 */
public interface HlsProver {
  /** Which mechanism it is. */
  Acse.Mechanism mechanism();

  /** f(challenge): what answers the other side's challenge. */
  byte[] prove(HlsExchange exchange) throws DlmsException;

  /**
   * Checks what the other side answers to our challenge.
   *
   * @throws DlmsException UNAUTHENTICATED where it does not hold
   */
  void check(byte[] proof, HlsExchange exchange) throws DlmsException;
}
