package org.gridwarden.dlms;

/**
 * What one side of an association knows when it proves who it is (IEC 62056-5-3, clause 9.2.7.4):
 * the two system titles and the two challenges. Immutable.
 *
 * @param ownTitle of 0 or 8 bytes
 * @param peerTitle of 0 or 8 bytes
 * @param ownChallenge what this side sent, 8 to 64 bytes
 * @param peerChallenge what the other side sent, 8 to 64 bytes
 */
public record HlsExchange(
    DlmsData.OctetString ownTitle,
    DlmsData.OctetString peerTitle,
    DlmsData.OctetString ownChallenge,
    DlmsData.OctetString peerChallenge) {
  /** The shortest challenge, in bytes. */
  public static final int SHORTEST = 8;

  /** The longest challenge, in bytes. */
  public static final int LONGEST = 64;

  /**
   * Refuses a challenge that proves nothing.
   *
   * @throws DlmsException UNAUTHENTICATED where the peer's challenge is too short, too long, or our
   *     own sent back: its sender would learn its answer from us
   */
  public void checkChallenge() throws DlmsException {
    int length = peerChallenge.length();
    if (length < SHORTEST || length > LONGEST || peerChallenge.equals(ownChallenge)) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED,
          0,
          "the peer's challenge is shorter than 8 bytes, longer than 64, or our own");
    }
  }
}
