package org.gridwarden.dlms.security;

import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsException;

/**
 * key_data of key_agreement (IEC 62056-6-2, class 64): an ephemeral public key, and the sender's
 * signature over key_id and that key. Pure functions; thread-safe.
 */
public final class KeyOffer {
  private KeyOffer() {}

  /** What one side sends. */
  public static byte[] make(
      EllipticCurve curve, GlobalKey which, KeyPair ephemeral, ECPrivateKey signing) {
    byte[] point = curve.encode((ECPublicKey) ephemeral.getPublic());
    byte[] signature = Signatures.sign(curve, signing, id(which), point);
    byte[] data = Arrays.copyOf(point, point.length + signature.length);
    System.arraycopy(signature, 0, data, point.length, signature.length);
    return data;
  }

  /**
   * What the other side sent.
   *
   * @throws DlmsException UNAUTHENTICATED where it has another length, the signature does not hold,
   *     or the key is no point of the curve
   */
  public static ECPublicKey open(
      EllipticCurve curve, GlobalKey which, byte[] data, ECPublicKey signer) throws DlmsException {
    int length = 2 * curve.fieldLength();
    if (data.length != 2 * length) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED,
          0,
          "an ephemeral key and its signature have " + 2 * length + " bytes, not " + data.length);
    }
    byte[] point = Arrays.copyOf(data, length);
    Signatures.require(
        curve, signer, Arrays.copyOfRange(data, length, data.length), id(which), point);
    return curve.publicKey(point);
  }

  private static byte[] id(GlobalKey which) {
    return new byte[] {(byte) which.id()};
  }

  /** What an agreed key will be used for. */
  public static KeyAgreement.Purpose purpose(GlobalKey which) {
    return which == GlobalKey.MASTER
        ? KeyAgreement.Purpose.WRAPPING
        : KeyAgreement.Purpose.CIPHERING;
  }
}
