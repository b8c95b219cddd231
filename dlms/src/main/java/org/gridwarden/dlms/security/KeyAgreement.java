package org.gridwarden.dlms.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsException;

/**
 * Key agreement with ECC CDH and the concatenation KDF (NIST SP 800-56A; IEC 62056-5-3, clause
 * 9.2.3.4.6). Party U is who begins: it sends the request, or the message that the key protects.
 * Pure functions; thread-safe.
 */
public final class KeyAgreement {
  /**
   * What the agreed key is for: the last arc of 2.16.756.5.8.3.n, in the clause's table of
   * algorithm identifiers. One edition's worked examples print 6 for the 5 in it; see docs/adr.
   */
  public enum Purpose {
    /** Protects APDUs: AES-GCM-128 (0) or, in suite 2, AES-GCM-256 (1). */
    CIPHERING(0),
    /** Wraps keys: AES-WRAP-128 (2) or, in suite 2, AES-WRAP-256 (3). */
    WRAPPING(2);

    private final int arc;

    Purpose(int arc) {
      this.arc = arc;
    }

    private byte[] identifier(SecuritySuite suite) {
      int last = arc + (suite == SecuritySuite.SUITE_2 ? 1 : 0);
      return new byte[] {0x60, (byte) 0x85, 0x74, 0x05, 0x08, 0x03, (byte) last};
    }
  }

  private static final int TITLE = 8;

  private KeyAgreement() {}

  /**
   * Ephemeral unified model, C(2e, 0s): both sides bring an ephemeral key. For the change of global
   * keys.
   *
   * @param own the own ephemeral private key
   * @param theirs the other side's ephemeral public key
   * @param titleU the client's system title, 8 bytes
   * @param titleV the meter's
   * @return a key as long as the suite's
   * @throws DlmsException UNAUTHENTICATED where a key is not of the suite's curve
   */
  public static byte[] ephemeral(
      SecuritySuite suite,
      ECPrivateKey own,
      ECPublicKey theirs,
      byte[] titleU,
      byte[] titleV,
      Purpose purpose)
      throws DlmsException {
    return agree(suite, own, theirs, purpose, title(titleU), title(titleV));
  }

  /**
   * One-pass Diffie-Hellman, C(1e, 1s): the sender's ephemeral key and the recipient's static one.
   * For one message.
   *
   * @param own the sender's ephemeral, or the recipient's static private key
   * @param theirs the recipient's static, or the sender's ephemeral public key
   * @param titleU the sender's system title
   * @param titleV the recipient's
   */
  public static byte[] onePass(
      SecuritySuite suite, ECPrivateKey own, ECPublicKey theirs, byte[] titleU, byte[] titleV)
      throws DlmsException {
    return agree(suite, own, theirs, Purpose.CIPHERING, title(titleU), title(titleV));
  }

  /**
   * Static unified model, C(0e, 2s): only static keys, so that party U's information bears the
   * transaction id, with its length, as a nonce. For one message.
   */
  public static byte[] staticUnified(
      SecuritySuite suite,
      ECPrivateKey own,
      ECPublicKey theirs,
      byte[] titleU,
      byte[] transactionId,
      byte[] titleV)
      throws DlmsException {
    if (transactionId.length < 1 || transactionId.length > 64) {
      throw new DlmsException(
          DlmsException.Kind.MALFORMED,
          0,
          "the static unified model takes a transaction id of 1 to 64 bytes");
    }
    byte[] partyU = Arrays.copyOf(title(titleU), TITLE + 1 + transactionId.length);
    partyU[TITLE] = (byte) transactionId.length;
    System.arraycopy(transactionId, 0, partyU, TITLE + 1, transactionId.length);
    return agree(suite, own, theirs, Purpose.CIPHERING, partyU, title(titleV));
  }

  private static byte[] agree(
      SecuritySuite suite,
      ECPrivateKey own,
      ECPublicKey theirs,
      Purpose purpose,
      byte[] partyU,
      byte[] partyV)
      throws DlmsException {
    byte[] secret = secret(suite, own, theirs);
    try {
      return derive(suite, secret, purpose, partyU, partyV);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Z: the x coordinate of the common point, as long as the field. */
  static byte[] secret(SecuritySuite suite, ECPrivateKey own, ECPublicKey theirs)
      throws DlmsException {
    EllipticCurve curve = suite.requireCurve();
    curve.require(theirs);
    if (!curve.isOn(own)) {
      throw new IllegalArgumentException("the private key is of another curve than the suite's");
    }
    try {
      javax.crypto.KeyAgreement agreement = javax.crypto.KeyAgreement.getInstance("ECDH");
      agreement.init(own);
      agreement.doPhase(theirs, true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException e) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "the two keys agree on nothing");
    }
  }

  /**
   * The single-step KDF: the hash over a counter of 4 bytes, Z, and other information, which is
   * algorithm identifier, party U's and party V's. One hash is at least as long as the key.
   */
  static byte[] derive(
      SecuritySuite suite, byte[] secret, Purpose purpose, byte[] partyU, byte[] partyV) {
    MessageDigest hash = Digests.of(suite.hash());
    hash.update(new byte[] {0, 0, 0, 1});
    hash.update(secret);
    hash.update(purpose.identifier(suite));
    hash.update(partyU);
    hash.update(partyV);
    byte[] whole = hash.digest();
    byte[] key = Arrays.copyOf(whole, suite.keyLength());
    Arrays.fill(whole, (byte) 0);
    return key;
  }

  private static byte[] title(byte[] title) {
    if (title.length != TITLE) {
      throw new IllegalArgumentException("a system title has 8 bytes, not " + title.length);
    }
    return title;
  }
}
