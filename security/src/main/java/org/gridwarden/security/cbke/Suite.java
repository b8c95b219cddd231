package org.gridwarden.security.cbke;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/** A cryptographic suite of Smart Energy's key establishment (07-5356, clauses C.4.2 and C.4.3). */
public enum Suite {
  /** On sect163k1, 80 bits of strength: what meters of Smart Energy 1.0 and 1.1 have. */
  SUITE_1(1, "sect163k1", 48, 21),
  /** On sect283k1, 128 bits of strength: since Smart Energy 1.2. */
  SUITE_2(2, "sect283k1", 74, 36);

  private final int number;
  private final int certificate;
  private final int scalar;
  private final String curve;

  Suite(int number, String curve, int certificate, int scalar) {
    this.number = number;
    this.certificate = certificate;
    this.scalar = scalar;
    this.curve = curve;
  }

  /** Its bit on the wire. */
  public int number() {
    return number;
  }

  /** The suite of that bit; empty for none, or several. */
  public static Optional<Suite> of(int number) {
    for (Suite suite : values()) {
      if (suite.number == number) {
        return Optional.of(suite);
      }
    }
    return Optional.empty();
  }

  /** How long a certificate is, in bytes. */
  public int certificateLength() {
    return certificate;
  }

  /** How long a point is, compressed, in bytes. */
  public int pointLength() {
    return scalar + 1;
  }

  /** How long a private key is, and a shared secret, in bytes. */
  public int scalarLength() {
    return scalar;
  }

  /** The curves, once somebody reckons: a FIPS distribution has none of their classes. */
  private static final class Curves {
    static final ECDomainParameters FIRST = of(SUITE_1.curve);
    static final ECDomainParameters SECOND = of(SUITE_2.curve);

    private static ECDomainParameters of(String name) {
      X9ECParameters custom = CustomNamedCurves.getByName(name);
      return new ECDomainParameters(custom == null ? SECNamedCurves.getByName(name) : custom);
    }
  }

  ECDomainParameters domain() {
    return this == SUITE_1 ? Curves.FIRST : Curves.SECOND;
  }

  /**
   * A point of the curve's group of prime order, from its compressed form.
   *
   * @throws CbkeException BAD_MESSAGE where it is none: a point of small order gives keys away
   */
  ECPoint point(byte[] compressed) throws CbkeException {
    if (compressed.length != pointLength() || compressed[0] != 2 && compressed[0] != 3) {
      throw new CbkeException(
          Refusal.BAD_MESSAGE, "a point of suite " + number + " has " + pointLength() + " bytes");
    }
    try {
      ECPoint point = domain().getCurve().decodePoint(compressed);
      return new ECPublicKeyParameters(point, domain()).getQ(); // checks its order
    } catch (IllegalArgumentException e) {
      throw new CbkeException(Refusal.BAD_MESSAGE, "what it sent is no point of the curve");
    }
  }

  byte[] bytes(ECPoint point) {
    return point.normalize().getEncoded(true);
  }

  byte[] bytes(BigInteger value) {
    return BigIntegers.asUnsignedByteArray(scalar, value);
  }

  /** A private key: 1 to the group's order, exclusive; empty where it is none. */
  Optional<BigInteger> scalar(byte[] bytes) {
    BigInteger value = new BigInteger(1, bytes);
    return value.signum() > 0 && value.compareTo(domain().getN()) < 0
        ? Optional.of(value)
        : Optional.empty();
  }
}
