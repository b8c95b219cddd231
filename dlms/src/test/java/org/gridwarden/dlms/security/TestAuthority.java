package org.gridwarden.dlms.security;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** Issues certificates for tests (RFC 5280), by the same writer of DER. */
final class TestAuthority {
  static final int SIGNATURE_USAGE = 0x80;
  static final int AGREEMENT_USAGE = 0x08;
  private static final int AUTHORITY_USAGE = 0x04;

  final EllipticCurve curve;
  final KeyPair pair;
  private final String name;
  private byte serial = 1;

  TestAuthority(EllipticCurve curve, String name) {
    this.curve = curve;
    this.name = name;
    this.pair = curve.generate();
  }

  /** Its own certificate, signed by itself. */
  byte[] own(Instant from, Instant until) {
    return issue(name, pair.getPublic(), AUTHORITY_USAGE, from, until);
  }

  byte[] issue(byte[] title, PublicKey key, int usage, Instant from, Instant until) {
    return issue(HexFormat.of().withUpperCase().formatHex(title), key, usage, from, until);
  }

  private byte[] issue(String subject, PublicKey key, int usage, Instant from, Instant until) {
    byte[] trueValue = {0x01, 1, (byte) 0xFF};
    byte[] keyUsage =
        Der.of(
            Der.SEQUENCE,
            Der.of(Der.OBJECT_IDENTIFIER, new byte[] {0x55, 0x1D, 0x0F}),
            trueValue,
            Der.of(0x04, Der.of(Der.BIT_STRING, new byte[] {0, (byte) usage})));
    byte[] constraints =
        Der.of(
            Der.SEQUENCE,
            Der.of(Der.OBJECT_IDENTIFIER, new byte[] {0x55, 0x1D, 0x13}),
            trueValue,
            Der.of(
                0x04,
                usage == AUTHORITY_USAGE ? Der.of(Der.SEQUENCE, trueValue) : Der.of(Der.SEQUENCE)));
    byte[] info =
        Der.of(
            Der.SEQUENCE,
            Der.of(Der.CONTEXT_0, new byte[] {Der.INTEGER, 1, 2}), // version 3
            Der.of(Der.INTEGER, new byte[] {serial++}),
            CertificateRequest.algorithm(curve),
            CertificateRequest.name(name),
            Der.of(Der.SEQUENCE, time(from), time(until)),
            CertificateRequest.name(subject),
            key.getEncoded(),
            Der.of(0xA3, Der.of(Der.SEQUENCE, keyUsage, constraints)));
    return CertificateRequest.signed(curve, pair, info);
  }

  /** UTCTime. */
  private static byte[] time(Instant time) {
    return Der.of(
        0x17,
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
            .format(time.atOffset(ZoneOffset.UTC))
            .getBytes(StandardCharsets.US_ASCII));
  }
}
