package org.gridwarden.dlms.security;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsException;

/**
 * The NIST curves of suites 1 and 2, and how their keys stand in APDUs: a public key is x||y, each
 * as long as the field, without the 04 of SEC 1 and never compressed; a private key is its scalar
 * (IEC 62056-5-3, clause 9.2.3.4.2). Thread-safe.
 */
public enum EllipticCurve {
  /** Suite 1. */
  P_256("secp256r1", 32, "SHA256withECDSAinP1363Format"),
  /** Suite 2. */
  P_384("secp384r1", 48, "SHA384withECDSAinP1363Format");

  private final String name;
  private final int field;
  private final String signature;

  @SuppressWarnings("ImmutableEnumChecker") // the JDK's class is, and says so
  private final ECParameterSpec parameters;

  EllipticCurve(String name, int field, String signature) {
    this.name = name;
    this.field = field;
    this.signature = signature;
    try {
      AlgorithmParameters known = AlgorithmParameters.getInstance("EC");
      known.init(new ECGenParameterSpec(name));
      this.parameters = known.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + name, e);
    }
  }

  /** How many bytes a coordinate has: 32 or 48. A point and a signature have twice as many. */
  public int fieldLength() {
    return field;
  }

  /** The JDK's name of ECDSA with the curve's hash, signatures as r||s. */
  String signatureAlgorithm() {
    return signature;
  }

  /** Makes a key pair. */
  public KeyPair generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(name));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks " + name, e);
    }
  }

  /**
   * The public key that stands for a point from outside.
   *
   * @param point x||y
   * @throws DlmsException UNAUTHENTICATED where it has another length or is no point of the curve:
   *     a computation with it would give away the private key
   */
  public ECPublicKey publicKey(byte[] point) throws DlmsException {
    if (point.length != 2 * field) {
      throw refused("a public key has " + 2 * field + " bytes, not " + point.length);
    }
    BigInteger x = new BigInteger(1, point, 0, field);
    BigInteger y = new BigInteger(1, point, field, field);
    requireOnCurve(x, y);
    try {
      return (ECPublicKey)
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters));
    } catch (GeneralSecurityException e) {
      throw refused("the public key is no point of the curve");
    }
  }

  /** y^2 = x^3 + ax + b modulo p. The cofactor is 1: every such point is of the right order. */
  private void requireOnCurve(BigInteger x, BigInteger y) throws DlmsException {
    BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
    boolean inField = x.compareTo(p) < 0 && y.compareTo(p) < 0;
    BigInteger right =
        x.pow(3)
            .add(parameters.getCurve().getA().multiply(x))
            .add(parameters.getCurve().getB())
            .mod(p);
    if (!inField || !y.multiply(y).mod(p).equals(right)) {
      throw refused("the public key is no point of the curve");
    }
  }

  /**
   * A key, for instance a certificate's, after the same checks.
   *
   * @throws DlmsException UNAUTHENTICATED where it is another curve's
   */
  public ECPublicKey require(ECPublicKey key) throws DlmsException {
    if (!isOn(key)) {
      throw refused("the public key is of another curve than the suite's");
    }
    requireOnCurve(key.getW().getAffineX(), key.getW().getAffineY());
    return key;
  }

  /** Whether a key's parameters are this curve's. */
  public boolean isOn(ECKey key) {
    ECParameterSpec theirs = key.getParams();
    return theirs.getCurve().equals(parameters.getCurve())
        && theirs.getGenerator().equals(parameters.getGenerator())
        && theirs.getOrder().equals(parameters.getOrder());
  }

  /**
   * The private key of a scalar.
   *
   * @throws IllegalArgumentException where it is not 1 to the curve's order less one
   */
  public ECPrivateKey privateKey(byte[] scalar) {
    BigInteger s = new BigInteger(1, scalar);
    if (scalar.length != field || s.signum() == 0 || s.compareTo(parameters.getOrder()) >= 0) {
      throw new IllegalArgumentException("a private key of " + name + " is out of its range");
    }
    try {
      return (ECPrivateKey)
          KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(s, parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime refuses a private key of " + name, e);
    }
  }

  /** A public key as x||y. */
  public byte[] encode(ECPublicKey key) {
    if (!isOn(key)) {
      throw new IllegalArgumentException("the public key is of another curve");
    }
    byte[] point = new byte[2 * field];
    put(key.getW().getAffineX(), point, 0);
    put(key.getW().getAffineY(), point, field);
    return point;
  }

  private void put(BigInteger number, byte[] to, int at) {
    byte[] bytes = number.toByteArray();
    int from = Math.max(0, bytes.length - field); // a sign byte at most
    System.arraycopy(bytes, from, to, at + field - (bytes.length - from), bytes.length - from);
    Arrays.fill(bytes, (byte) 0);
  }

  private static DlmsException refused(String why) {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, why);
  }
}
