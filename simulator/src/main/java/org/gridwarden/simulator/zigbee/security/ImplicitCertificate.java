package org.gridwarden.simulator.zigbee.security;

import java.math.BigInteger;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

/**
 * The implicit certificates (ECQV, SEC 4) of Smart Energy's key establishment: on sect163k1 (suite
 * 1, 48 bytes) and sect283k1 (suite 2, 74 bytes). Checked against published test certificates;
 * never against another device. Pure functions.
 */
public final class ImplicitCertificate {
  private static final int SUITE_1 = 48;
  private static final int SUITE_2 = 74;
  private static final int POINT_1 = 22;
  private static final int POINT_2 = 37;

  private ImplicitCertificate() {}

  /**
   * The public key that follows from a certificate and its issuer's key.
   *
   * @param certificate of 48 bytes (suite 1) or 74 (suite 2)
   * @param issuer the authority's public key, compressed
   * @return the public key, compressed
   * @throws IllegalArgumentException where either is none
   */
  public static byte[] publicKey(byte[] certificate, byte[] issuer) {
    X9ECParameters curve = curve(certificate);
    ECPoint authority = curve.getCurve().decodePoint(issuer);
    return point(curve, certificate)
        .multiply(hash(certificate))
        .add(authority)
        .normalize()
        .getEncoded(true);
  }

  private static BigInteger hash(byte[] certificate) {
    return new BigInteger(1, MmoHash.of(certificate));
  }

  private static X9ECParameters curve(byte[] certificate) {
    String name =
        switch (certificate.length) {
          case SUITE_1 -> "sect163k1";
          case SUITE_2 -> "sect283k1";
          default -> throw new IllegalArgumentException("a certificate has 48 bytes, or 74");
        };
    X9ECParameters custom = CustomNamedCurves.getByName(name);
    return custom != null ? custom : SECNamedCurves.getByName(name);
  }

  /** Where its point stands: first in suite 1, last in suite 2. */
  private static ECPoint point(X9ECParameters curve, byte[] certificate) {
    int length = certificate.length == SUITE_1 ? POINT_1 : POINT_2;
    int from = certificate.length == SUITE_1 ? 0 : certificate.length - length;
    byte[] point = java.util.Arrays.copyOfRange(certificate, from, from + length);
    return curve.getCurve().decodePoint(point);
  }
}
