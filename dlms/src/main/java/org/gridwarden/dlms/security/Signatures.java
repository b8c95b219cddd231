package org.gridwarden.dlms.security;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import org.gridwarden.dlms.DlmsException;

/**
 * ECDSA of suites 1 and 2 (IEC 62056-5-3, clause 9.2.3.4.5; FIPS 186): with SHA-256 on P-256, with
 * SHA-384 on P-384. A signature is r||s, each as long as the field. Pure functions; thread-safe.
 */
public final class Signatures {
  private Signatures() {}

  /** Signs. */
  public static byte[] sign(EllipticCurve curve, ECPrivateKey key, byte[]... parts) {
    if (!curve.isOn(key)) {
      throw new IllegalArgumentException("the private key is of another curve than the suite's");
    }
    try {
      Signature signature = Signature.getInstance(curve.signatureAlgorithm());
      signature.initSign(key);
      for (byte[] part : parts) {
        signature.update(part);
      }
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ECDSA of the Java runtime refuses its parameters", e);
    }
  }

  /** Whether a signature holds. One of a wrong length, or by a key of another curve, does not. */
  public static boolean verify(
      EllipticCurve curve, ECPublicKey key, byte[] signed, byte[]... parts) {
    if (!curve.isOn(key) || signed.length != 2 * curve.fieldLength()) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(curve.signatureAlgorithm());
      signature.initVerify(key);
      for (byte[] part : parts) {
        signature.update(part);
      }
      return signature.verify(signed);
    } catch (SignatureException | InvalidKeyException e) {
      return false; // r or s out of its range
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ECDSA of the Java runtime refuses its parameters", e);
    }
  }

  /**
   * Requires a signature.
   *
   * @throws DlmsException UNAUTHENTICATED where it does not hold
   */
  public static void require(EllipticCurve curve, ECPublicKey key, byte[] signed, byte[]... parts)
      throws DlmsException {
    if (!verify(curve, key, signed, parts)) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "the digital signature does not hold");
    }
  }
}
