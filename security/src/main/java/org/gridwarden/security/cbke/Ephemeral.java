package org.gridwarden.security.cbke;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.util.BigIntegers;

/** A pair of keys for one exchange. Prints nothing of the private one. */
public final class Ephemeral {
  private final Suite suite;
  private final BigInteger key;
  private final byte[] point;

  private Ephemeral(Suite suite, BigInteger key) {
    this.suite = suite;
    this.key = key;
    this.point = suite.bytes(suite.domain().getG().multiply(key));
  }

  /** A new pair. */
  public static Ephemeral make(Suite suite, SecureRandom random) {
    BigInteger last = suite.domain().getN().subtract(BigInteger.ONE);
    return new Ephemeral(suite, BigIntegers.createRandomInRange(BigInteger.ONE, last, random));
  }

  /** The pair of a private key that is known, for published figures. */
  static Ephemeral of(Suite suite, byte[] key) {
    return new Ephemeral(suite, suite.scalar(key).orElseThrow());
  }

  BigInteger key() {
    return key;
  }

  /** For which suite it is. */
  public Suite suite() {
    return suite;
  }

  /** The public key, compressed; a copy. */
  public byte[] point() {
    return point.clone();
  }

  @Override
  public String toString() {
    return "Ephemeral[" + suite + "]";
  }
}
