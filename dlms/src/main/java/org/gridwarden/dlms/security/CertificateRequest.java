package org.gridwarden.dlms.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.HexFormat;

/**
 * A certificate signing request, PKCS #10 (RFC 2986), as generate_certificate_request of Security
 * setup returns it (IEC 62056-6-2, class 64): the subject's common name is the system title in
 * hexadecimal. Pure functions; thread-safe.
 */
public final class CertificateRequest {
  private static final byte[] VERSION_0 = {Der.INTEGER, 1, 0};
  private static final byte[] COMMON_NAME = {0x55, 0x04, 0x03}; // 2.5.4.3

  /** ecdsa-with-SHA256 and -SHA384, 1.2.840.10045.4.3.n. */
  private static final byte[] ECDSA_WITH = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 4, 3};

  private CertificateRequest() {}

  /**
   * A request for a key pair's certificate, signed with its private key.
   *
   * @param systemTitle whose it is to be, 8 bytes
   * @return DER
   */
  public static byte[] create(EllipticCurve curve, KeyPair pair, byte[] systemTitle) {
    byte[] info =
        Der.of(
            Der.SEQUENCE,
            VERSION_0,
            name(HexFormat.of().withUpperCase().formatHex(systemTitle)),
            pair.getPublic().getEncoded(), // a SubjectPublicKeyInfo
            Der.of(Der.CONTEXT_0)); // no attributes
    return signed(curve, pair, info);
  }

  /** A name that is a common name only. */
  static byte[] name(String commonName) {
    return Der.of(
        Der.SEQUENCE,
        Der.of(
            Der.SET,
            Der.of(
                Der.SEQUENCE,
                Der.of(Der.OBJECT_IDENTIFIER, COMMON_NAME),
                Der.of(Der.UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8)))));
  }

  /** The identifier of ECDSA with the curve's hash. */
  static byte[] algorithm(EllipticCurve curve) {
    byte[] last = {(byte) (curve == EllipticCurve.P_256 ? 2 : 3)};
    return Der.of(Der.SEQUENCE, Der.of(Der.OBJECT_IDENTIFIER, ECDSA_WITH, last));
  }

  /**
   * What is to be signed, how, and the signature: the outermost part of requests and certificates.
   */
  static byte[] signed(EllipticCurve curve, KeyPair signer, byte[] info) {
    try {
      Signature signature =
          Signature.getInstance(
              curve == EllipticCurve.P_256 ? "SHA256withECDSA" : "SHA384withECDSA");
      signature.initSign(signer.getPrivate());
      signature.update(info);
      return Der.of(
          Der.SEQUENCE,
          info,
          algorithm(curve),
          Der.of(Der.BIT_STRING, new byte[1], signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("ECDSA of the Java runtime refuses its parameters", e);
    }
  }
}
