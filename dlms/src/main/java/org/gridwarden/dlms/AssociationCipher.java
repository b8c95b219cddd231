package org.gridwarden.dlms;

import java.util.Arrays;

/**
 * One side's symmetric protection within an association: glo- and ded- services, and the proofs of
 * HLS with GMAC (IEC 62056-5-3, clauses 9.2.7.2 and 9.2.7.4). What comes must have a greater
 * counter than what came before. One thread at a time.
 */
public final class AssociationCipher implements HlsProver {
  private static final int TAG = 12;

  private final byte[] ownTitle;
  private final DlmsKeys keys;
  private final SecurityControl control;
  private final InvocationCounter counter;
  private byte[] peerTitle = {};
  private long seen = -1;

  /**
   * @param ownTitle the own system title, 8 bytes
   * @param keys used, not closed
   * @param control how what is sent is protected
   */
  public AssociationCipher(
      byte[] ownTitle, DlmsKeys keys, SecurityControl control, InvocationCounter counter) {
    if (ownTitle.length != 8) {
      throw new IllegalArgumentException("a system title has 8 bytes, not " + ownTitle.length);
    }
    this.ownTitle = ownTitle.clone();
    this.keys = keys;
    this.control = control;
    this.counter = counter;
  }

  /** The other side's system title, 8 bytes, once it is known. */
  public void peerTitle(byte[] title) throws DlmsException {
    if (title.length != 8) {
      throw DlmsException.malformed(0, "the peer's system title has 8 bytes, not " + title.length);
    }
    peerTitle = title.clone();
  }

  /** The own system title, a copy. */
  public byte[] ownTitle() {
    return ownTitle.clone();
  }

  /** A service under the global key: in its glo- form, or where it has none in general-glo. */
  public byte[] protect(Apdu plain) throws DlmsException {
    return Apdus.encode(
        Ciphering.protect(
            ApduTag.hasGlobal(plain.tag()) ? ApduTag.global(plain.tag()) : ApduTag.GENERAL_GLO,
            control,
            ownTitle,
            counter.next(),
            Apdus.encode(plain),
            keys));
  }

  /**
   * Opens what came.
   *
   * @throws DlmsException UNAUTHENTICATED where it is not genuine, is not protected as well as what
   *     we send, or its counter is not greater than the last one
   */
  public Apdu open(Apdu.Ciphered apdu) throws DlmsException {
    SecurityControl has = apdu.control();
    if (control.authenticated() && !has.authenticated()
        || control.encrypted() && !has.encrypted()) {
      throw refused("the APDU is protected less than was agreed: " + has);
    }
    byte[] plain = Ciphering.unprotect(apdu, peerTitle, keys);
    if (has.authenticated()) {
      counted(apdu.invocationCounter());
    }
    return Apdus.decode(plain);
  }

  private void counted(long number) throws DlmsException {
    if (number <= seen) {
      throw refused("the invocation counter " + number + " came before; the last was " + seen);
    }
    seen = number;
  }

  private static DlmsException refused(String why) {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, why);
  }

  @Override
  public Acse.Mechanism mechanism() {
    return Acse.Mechanism.HLS_GMAC;
  }

  /** f(challenge) of HLS 5: security control, counter and the GMAC over the challenge. */
  @Override
  public byte[] prove(HlsExchange exchange) throws DlmsException {
    byte[] challenge = exchange.peerChallenge().bytes();
    long number = counter.next();
    byte[] content =
        Ciphering.protect(
                ApduTag.GENERAL_GLO, authenticationOnly(), ownTitle, number, challenge, keys)
            .content();
    AxdrWriter out = new AxdrWriter(5 + TAG);
    return out.u8(authenticationOnly().bits())
        .u32(number)
        .raw(content, content.length - TAG, TAG)
        .bytes();
  }

  @Override
  public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
    byte[] challenge = exchange.ownChallenge().bytes();
    if (proof.length != 5 + TAG) {
      throw refused("the proof has " + (5 + TAG) + " bytes, not " + proof.length);
    }
    AxdrReader in = new AxdrReader(proof, 0, proof.length);
    SecurityControl theirs = new SecurityControl(in.u8("the security control"));
    int number = in.i32("the invocation counter");
    if (!theirs.authenticated() || theirs.encrypted()) {
      throw refused("the proof is not an authentication alone: " + theirs);
    }
    byte[] content = Arrays.copyOf(challenge, challenge.length + TAG);
    System.arraycopy(proof, 5, content, challenge.length, TAG);
    Apdu.Ciphered made =
        new Apdu.Ciphered(
            ApduTag.GENERAL_GLO, new byte[0], theirs, number, content, 0, content.length);
    Ciphering.unprotect(made, peerTitle, keys);
    // fresh by the challenge; its counter was taken before that of the service around it
    seen = Math.max(seen, number & 0xFFFF_FFFFL);
  }

  private SecurityControl authenticationOnly() {
    return SecurityControl.of(control.suite(), true, false, false);
  }
}
