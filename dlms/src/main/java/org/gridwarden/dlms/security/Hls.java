package org.gridwarden.dlms.security;

import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;

/**
 * The mechanisms of high level security that need nothing but a secret or a key pair (IEC
 * 62056-5-3, clause 9.2.7.4.3, table of HLS mechanisms): 3, 4, 6 and 7. Mechanism 5, GMAC, takes
 * keys and counters of the association: {@link Protection}. Pure functions of their input;
 * thread-safe.
 */
public final class Hls {
  private static final int SHORTEST_OF_ECDSA = 32;

  private Hls() {}

  /** Mechanism 3: f(challenge) = MD5(challenge || secret). For meters that know no better. */
  public static HlsProver md5(byte[] secret) {
    return new Hashed(Acse.Mechanism.HLS_MD5, "MD5", secret);
  }

  /** Mechanism 4: f(challenge) = SHA-1(challenge || secret). For meters that know no better. */
  public static HlsProver sha1(byte[] secret) {
    return new Hashed(Acse.Mechanism.HLS_SHA1, "SHA-1", secret);
  }

  /**
   * Mechanism 6: f(challenge) = SHA-256(secret || prover's title || other's title || challenge ||
   * prover's own challenge).
   */
  public static HlsProver sha256(byte[] secret) {
    return new Hashed(Acse.Mechanism.HLS_SHA256, "SHA-256", secret);
  }

  /**
   * Mechanism 7: f(challenge) = ECDSA(prover's title || other's title || challenge || prover's own
   * challenge), as r||s.
   *
   * @param suite 1 or 2
   * @param own the own private key for digital signatures
   * @param theirs the other side's public key for digital signatures
   * @throws IllegalArgumentException where a key is not of the suite's curve
   */
  public static HlsProver ecdsa(SecuritySuite suite, ECPrivateKey own, ECPublicKey theirs) {
    EllipticCurve curve =
        suite
            .curve()
            .orElseThrow(() -> new IllegalArgumentException("security suite 0 knows no signature"));
    if (!curve.isOn(own) || !curve.isOn(theirs)) {
      throw new IllegalArgumentException("a key is of another curve than the suite's");
    }
    return new Signed(curve, own, theirs);
  }

  /** Mechanisms that hash a secret which both sides know. */
  private static final class Hashed implements HlsProver {
    private final Acse.Mechanism mechanism;
    private final String hash;
    private final byte[] secret;

    Hashed(Acse.Mechanism mechanism, String hash, byte[] secret) {
      if (secret.length == 0) {
        throw new IllegalArgumentException("high level security takes a secret");
      }
      this.mechanism = mechanism;
      this.hash = hash;
      this.secret = secret.clone();
    }

    @Override
    public Acse.Mechanism mechanism() {
      return mechanism;
    }

    @Override
    public boolean needsTitles() {
      return mechanism == Acse.Mechanism.HLS_SHA256;
    }

    @Override
    public byte[] prove(HlsExchange exchange) {
      byte[] challenge = exchange.peerChallenge().bytes();
      return needsTitles()
          ? Digests.hash(
              hash,
              secret,
              exchange.ownTitle().bytes(),
              exchange.peerTitle().bytes(),
              challenge,
              exchange.ownChallenge().bytes())
          : Digests.hash(hash, challenge, secret);
    }

    @Override
    public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
      if (!MessageDigest.isEqual(prove(exchange.reversed()), proof)) {
        throw wrong();
      }
    }

    @Override
    public String toString() {
      return mechanism.toString();
    }
  }

  /** Mechanism 7. */
  private record Signed(EllipticCurve curve, ECPrivateKey own, ECPublicKey theirs)
      implements HlsProver {
    @Override
    public Acse.Mechanism mechanism() {
      return Acse.Mechanism.HLS_ECDSA;
    }

    @Override
    public int shortestChallenge() {
      return SHORTEST_OF_ECDSA;
    }

    @Override
    public boolean needsTitles() {
      return true;
    }

    @Override
    public byte[] prove(HlsExchange exchange) {
      return Signatures.sign(curve, own, parts(exchange));
    }

    @Override
    public void check(byte[] proof, HlsExchange exchange) throws DlmsException {
      if (!Signatures.verify(curve, theirs, proof, parts(exchange.reversed()))) {
        throw wrong();
      }
    }

    private static byte[][] parts(HlsExchange exchange) {
      return new byte[][] {
        exchange.ownTitle().bytes(),
        exchange.peerTitle().bytes(),
        exchange.peerChallenge().bytes(),
        exchange.ownChallenge().bytes()
      };
    }

    @Override
    public String toString() {
      return mechanism() + " on " + curve;
    }
  }

  private static DlmsException wrong() {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "the proof does not hold");
  }
}
