package org.gridwarden.dlms.security;

import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;

/**
 * What both sides of an association have said before they prove who they are (IEC 62056-5-3,
 * clause 9.2.7.4): the input of every f(challenge). Immutable.
 *
 * @param clientTitle the client's system title, 8 bytes; empty where the mechanism does without
 * @param meterTitle the meter's
 * @param clientChallenge CtoS, which the meter answers
 * @param meterChallenge StoC, which the client answers
 */
public record HlsExchange(
    OctetString clientTitle,
    OctetString meterTitle,
    OctetString clientChallenge,
    OctetString meterChallenge) {
  private static final int SHORTEST = 8;
  private static final int SHORTEST_ECDSA = 32;
  private static final int LONGEST = 64;

  /** The system title of a side. */
  public OctetString title(Side side) {
    return side == Side.CLIENT ? clientTitle : meterTitle;
  }

  /** The challenge that a side has made, for the other one to answer. */
  public OctetString challengeOf(Side side) {
    return side == Side.CLIENT ? clientChallenge : meterChallenge;
  }

  /** How long a challenge is at least: 8 bytes, with ECDSA 32. */
  public static int shortestChallenge(Acse.Mechanism mechanism) {
    return mechanism == Acse.Mechanism.HLS_ECDSA ? SHORTEST_ECDSA : SHORTEST;
  }

  /**
   * Checks the other side's challenge before it is answered.
   *
   * @param own our own challenge: sent back to us, the other side would learn its answer from ours
   * @throws DlmsException UNAUTHENTICATED where it is our own, shorter than 8 (32 with ECDSA) or
   *     longer than 64 bytes
   */
  public static void requireFresh(Acse.Mechanism mechanism, byte[] own, byte[] theirs)
      throws DlmsException {
    if (theirs.length < shortestChallenge(mechanism) || theirs.length > LONGEST) {
      throw refused("the challenge has " + theirs.length + " bytes");
    }
    if (java.util.Arrays.equals(own, theirs)) {
      throw refused("the challenge is our own, sent back");
    }
  }

  static DlmsException refused(String why) {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, why);
  }
}
