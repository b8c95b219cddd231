package org.gridwarden.dlms.security;

import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.SecurityControl;

/**
 * HLS mechanism 5 (IEC 62056-5-3, clause 9.2.7.4.3): f(challenge) is security control, invocation
 * counter, and the GMAC over security control, authentication key and challenge, under the global
 * key. One thread at a time, the association's.
 */
public final class GmacProver implements HlsProver {
  private static final int TAG = 12;
  private static final int HEAD = 5;
  private static final int GENERAL_GLO = 0xDB;

  private final Protection protection;

  /**
   * @param protection of the association, whose keys and counters it uses
   */
  public GmacProver(Protection protection) {
    this.protection = protection;
  }

  @Override
  public Acse.Mechanism mechanism() {
    return Acse.Mechanism.HLS_GMAC;
  }

  @Override
  public boolean needsTitles() {
    return true;
  }

  @Override
  public byte[] prove(HlsExchange exchange) throws DlmsException {
    SecurityControl control = control();
    long number = protection.nextCounter();
    byte[] content =
        Ciphering.protect(
                GENERAL_GLO,
                control,
                protection.ownTitle(),
                number,
                exchange.peerChallenge().bytes(),
                protection.activeKeys())
            .content();
    byte[] proof = new byte[HEAD + TAG];
    proof[0] = (byte) control.bits();
    for (int i = 0; i < 4; i++) {
      proof[1 + i] = (byte) (number >> (24 - 8 * i));
    }
    System.arraycopy(content, content.length - TAG, proof, HEAD, TAG);
    return proof;
  }

  @Override
  public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
    if (proof.length != HEAD + TAG || (proof[0] & 0xFF) != control().bits()) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "the proof is no GMAC of the suite");
    }
    byte[] challenge = exchange.ownChallenge().bytes();
    // the same as an authenticated APDU whose content is the challenge
    byte[] title = protection.peerTitle();
    byte[] apdu = new byte[1 + 1 + title.length + 1 + HEAD + challenge.length + TAG];
    apdu[0] = (byte) GENERAL_GLO;
    apdu[1] = (byte) title.length;
    System.arraycopy(title, 0, apdu, 2, title.length);
    int at = 2 + title.length;
    apdu[at] = (byte) (HEAD + challenge.length + TAG);
    System.arraycopy(proof, 0, apdu, at + 1, HEAD);
    System.arraycopy(challenge, 0, apdu, at + 1 + HEAD, challenge.length);
    System.arraycopy(proof, HEAD, apdu, apdu.length - TAG, TAG);
    protection.verify((Apdu.Ciphered) Apdus.decode(apdu));
  }

  private SecurityControl control() {
    return SecurityControl.of(protection.suite().number(), true, false, false);
  }
}
