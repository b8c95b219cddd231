package org.gridwarden.security.cbke;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Instant;
import org.bouncycastle.util.BigIntegers;

/**
 * An authority of one's own for implicit certificates: real devices believe Certicom's alone, whose
 * root nobody has at hand here. For models and tests. Thread-safe where its random source is.
 */
public final class TestAuthority {
  private final Suite suite;
  private final long name;
  private final SecureRandom random;
  private final BigInteger key;
  private final byte[] publicKey;

  private TestAuthority(Suite suite, long name, SecureRandom random, BigInteger key) {
    this.suite = suite;
    this.name = name;
    this.random = random;
    this.key = key;
    this.publicKey = suite.bytes(suite.domain().getG().multiply(key));
  }

  /**
   * A new authority.
   *
   * @param name what stands as issuer in its certificates
   */
  public static TestAuthority make(Suite suite, long name, SecureRandom random) {
    return new TestAuthority(suite, name, random, chance(suite, random));
  }

  private static BigInteger chance(Suite suite, SecureRandom random) {
    BigInteger last = suite.domain().getN().subtract(BigInteger.ONE);
    return BigIntegers.createRandomInRange(BigInteger.ONE, last, random);
  }

  /** Its public key, compressed; a copy. */
  public byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * Issues a certificate, and makes its private key (SEC 4, clauses 3.4 and 3.6, the two parties in
   * one).
   *
   * @param subject the device's EUI-64
   * @param from from when on it holds; those of suite 1 do not say
   */
  public CbkeIdentity issue(long subject, Instant from) {
    BigInteger order = suite.domain().getN();
    while (true) {
      BigInteger requester = chance(suite, random);
      BigInteger own = chance(suite, random);
      byte[] point = suite.bytes(suite.domain().getG().multiply(requester.add(own).mod(order)));
      if (point.length == suite.pointLength()) {
        ImplicitCertificate certificate =
            ImplicitCertificate.draft(suite, point, subject, name, random.nextLong(), from);
        BigInteger hash = certificate.hash();
        BigInteger reconstruction = hash.multiply(own).add(key).mod(order);
        BigInteger its = reconstruction.add(hash.multiply(requester)).mod(order);
        try {
          return CbkeIdentity.of(certificate, suite.bytes(its), publicKey);
        } catch (CbkeException e) {
          // once in 2^163: a key of zero
        }
      }
    }
  }
}
