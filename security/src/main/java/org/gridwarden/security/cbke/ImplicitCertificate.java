package org.gridwarden.security.cbke;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;

/**
 * An implicit certificate (ECQV, SEC 4), from which with its issuer's key its subject's public key
 * follows. It bears no signature: whoever makes one up has no private key for it, which the key's
 * confirmation shows. Immutable.
 *
 * <pre>
 * suite 1: point (22), subject (8), issuer (8), profile's attributes (10)
 * suite 2: type 0 (1), serial (8), curve 13 (1), hash 8 (1), issuer (8), valid from (5), for (4),
 *          subject (8), usage (1), point (37)
 * </pre>
 */
public final class ImplicitCertificate {
  private static final int SUBJECT_1 = 22;
  private static final int ISSUER_1 = 30;

  private static final int TYPE = 0;
  private static final int CURVE = 9;
  private static final int HASH = 10;
  private static final int ISSUER_2 = 11;
  private static final int FROM = 19;
  private static final int LASTING = 24;
  private static final int SUBJECT_2 = 28;
  private static final int USAGE = 36;
  private static final int POINT_2 = 37;

  private static final byte SECT283K1 = 0x0D;
  private static final byte AES_MMO = 0x08;
  private static final int KEY_AGREEMENT = 0x08;
  private static final int CRITICAL_KEY_AGREEMENT = 0x88;
  private static final long FOR_EVER = 0xFFFF_FFFFL;
  private static final int PROFILE = 0x0109;

  private final Suite suite;
  private final byte[] bytes;

  private ImplicitCertificate(Suite suite, byte[] bytes) {
    this.suite = suite;
    this.bytes = bytes;
  }

  /**
   * Reads a certificate.
   *
   * @throws CbkeException BAD_MESSAGE where it has another length, INVALID_CERTIFICATE where it is
   *     for another curve, hash or use
   */
  public static ImplicitCertificate parse(Suite suite, byte[] bytes) throws CbkeException {
    if (bytes.length != suite.certificateLength()) {
      throw new CbkeException(
          Refusal.BAD_MESSAGE,
          "a certificate of suite "
              + suite.number()
              + " has "
              + suite.certificateLength()
              + " bytes, not "
              + bytes.length);
    }
    if (suite == Suite.SUITE_2
        && (bytes[TYPE] != 0
            || bytes[CURVE] != SECT283K1
            || bytes[HASH] != AES_MMO
            || (bytes[USAGE] & KEY_AGREEMENT) == 0)) {
      throw new CbkeException(
          Refusal.INVALID_CERTIFICATE,
          "a certificate is for sect283k1, AES-MMO and the agreement of keys");
    }
    return new ImplicitCertificate(suite, bytes.clone());
  }

  /** A certificate's bytes, before anybody has agreed to them. */
  static ImplicitCertificate draft(
      Suite suite, byte[] point, long subject, long issuer, long serial, Instant from) {
    ByteBuffer out = ByteBuffer.allocate(suite.certificateLength());
    if (suite == Suite.SUITE_1) {
      out.put(point).putLong(subject).putLong(issuer).putShort((short) PROFILE).putLong(serial);
    } else {
      long seconds = from.getEpochSecond();
      out.put((byte) 0)
          .putLong(serial)
          .put(SECT283K1)
          .put(AES_MMO)
          .putLong(issuer)
          .put((byte) (seconds >>> 32))
          .putInt((int) seconds)
          .putInt((int) FOR_EVER)
          .putLong(subject)
          .put((byte) CRITICAL_KEY_AGREEMENT)
          .put(point);
    }
    return new ImplicitCertificate(suite, out.array());
  }

  /** For which suite it is. */
  public Suite suite() {
    return suite;
  }

  /** Its bytes; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whose it is: a device's EUI-64. */
  public long subject() {
    return ByteBuffer.wrap(bytes).getLong(suite == Suite.SUITE_1 ? SUBJECT_1 : SUBJECT_2);
  }

  /** Who issued it. */
  public long issuer() {
    return ByteBuffer.wrap(bytes).getLong(suite == Suite.SUITE_1 ? ISSUER_1 : ISSUER_2);
  }

  /** Whether it holds at a time; those of suite 1 do not say. */
  public boolean holds(Instant now) {
    if (suite == Suite.SUITE_1) {
      return true;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long from = (bytes[FROM] & 0xFFL) << 32 | in.getInt(FROM + 1) & 0xFFFF_FFFFL;
    long lasting = in.getInt(LASTING) & 0xFFFF_FFFFL;
    long second = now.getEpochSecond();
    return second >= from && (lasting == FOR_EVER || second - from <= lasting);
  }

  /**
   * The public key that follows from it, compressed.
   *
   * @param authority the issuer's public key, compressed
   * @throws CbkeException INVALID_CERTIFICATE where none does, BAD_MESSAGE where the authority's is
   *     no key
   */
  public byte[] publicKey(byte[] authority) throws CbkeException {
    return suite.bytes(publicPoint(suite.point(authority)));
  }

  /** e P + Q of the authority (SEC 4, clause 3.5). */
  ECPoint publicPoint(ECPoint authority) throws CbkeException {
    int from = suite == Suite.SUITE_1 ? 0 : POINT_2;
    ECPoint point;
    try {
      point = suite.point(Arrays.copyOfRange(bytes, from, from + suite.pointLength()));
    } catch (CbkeException e) {
      throw new CbkeException(Refusal.INVALID_CERTIFICATE, "the certificate's point is none");
    }
    ECPoint key = point.multiply(hash()).add(authority).normalize();
    if (key.isInfinity()) {
      throw new CbkeException(Refusal.INVALID_CERTIFICATE, "the certificate gives no key");
    }
    return key;
  }

  /** Its hash as a number, the highest byte first. */
  BigInteger hash() {
    return new BigInteger(1, MmoHash.of(bytes));
  }

  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT, "certificate of %016X by %016X", subject(), issuer());
  }
}
