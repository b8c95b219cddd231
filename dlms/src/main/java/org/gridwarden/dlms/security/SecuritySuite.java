package org.gridwarden.dlms.security;

import java.util.Optional;
import org.gridwarden.dlms.DlmsException;

/** The security suites (IEC 62056-5-3, clause 9.2.3.7): which algorithms belong together. */
public enum SecuritySuite {
  /** AES-GCM-128 and AES-128 key wrap; no signatures, no key agreement. */
  SUITE_0(0, 16, Optional.empty(), "SHA-256"),
  /** ECDH-ECDSA-AES-GCM-128-SHA-256: P-256, and AES-128 key wrap. */
  SUITE_1(1, 16, Optional.of(EllipticCurve.P_256), "SHA-256"),
  /** ECDH-ECDSA-AES-GCM-256-SHA-384: P-384, and AES-256 key wrap. */
  SUITE_2(2, 32, Optional.of(EllipticCurve.P_384), "SHA-384");

  private final int number;
  private final int keyLength;
  private final Optional<EllipticCurve> curve;
  private final String hash;

  SecuritySuite(int number, int keyLength, Optional<EllipticCurve> curve, String hash) {
    this.number = number;
    this.keyLength = keyLength;
    this.curve = curve;
    this.hash = hash;
  }

  /**
   * The suite of a number.
   *
   * @throws DlmsException UNSUPPORTED where it is not 0 to 2
   */
  public static SecuritySuite of(int number) throws DlmsException {
    if (number < 0 || number >= values().length) {
      throw new DlmsException(
          DlmsException.Kind.UNSUPPORTED,
          0,
          "security suite " + number + " is not defined; 0 to 2 are");
    }
    return values()[number];
  }

  /** Its number, 0 to 2. */
  public int number() {
    return number;
  }

  /** How long its symmetric keys are: 16 or 32 bytes. */
  public int keyLength() {
    return keyLength;
  }

  /** Its curve; suite 0 has none. */
  public Optional<EllipticCurve> curve() {
    return curve;
  }

  /**
   * Its curve.
   *
   * @throws DlmsException UNSUPPORTED for suite 0
   */
  public EllipticCurve requireCurve() throws DlmsException {
    if (curve.isEmpty()) {
      throw new DlmsException(
          DlmsException.Kind.UNSUPPORTED, 0, "security suite 0 knows no elliptic curve");
    }
    return curve.get();
  }

  /** The JDK's name of the hash that its key derivation uses. */
  String hash() {
    return hash;
  }
}
