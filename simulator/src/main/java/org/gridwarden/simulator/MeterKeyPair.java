package org.gridwarden.simulator;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.KeyAgreement;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;

/**
 * A meter's signing key on P-256, made from a scalar, so that a street keeps no file of 10,000
 * keys. Java multiplies no points for us, but agrees on keys: with the generator as the other
 * side's key the agreement is the public point's x; which of the two y it is a signature tells.
 */
final class MeterKeyPair {
  private MeterKeyPair() {}

  /**
   * The pair of a scalar.
   *
   * @param scalar 32 bytes, from 1 to the curve's order less one
   */
  static Signer of(byte[] scalar) {
    ECPrivateKey key = org.gridwarden.dlms.security.EllipticCurve.P_256.privateKey(scalar);
    ECParameterSpec spec = key.getParams();
    EllipticCurve curve = spec.getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(key);
      agreement.doPhase(point(spec.getGenerator(), spec), true);
      BigInteger x = new BigInteger(1, agreement.generateSecret());
      BigInteger square = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB()).mod(p);
      // p is 3 modulo 4: the square root is a power
      BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
      PublicKey one = point(new ECPoint(x, y), spec);
      return fits(Signer.of(key, one))
          ? Signer.of(key, one)
          : Signer.of(key, point(new ECPoint(x, p.subtract(y)), spec));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime lacks P-256", e);
    }
  }

  /** The same, made when it is first used. */
  static Signer lazily(Supplier<byte[]> scalar) {
    return new Signer() {
      private Optional<Signer> made = Optional.empty();

      private synchronized Signer made() {
        if (made.isEmpty()) {
          byte[] bytes = scalar.get();
          made = Optional.of(of(bytes));
          Arrays.fill(bytes, (byte) 0);
        }
        return made.get();
      }

      @Override
      public PublicKey publicKey() {
        return made().publicKey();
      }

      @Override
      public byte[] sign(byte[] bytes) throws CommandException {
        return made().sign(bytes);
      }

      @Override
      public String toString() {
        return "Signer";
      }
    };
  }

  private static PublicKey point(ECPoint point, ECParameterSpec spec)
      throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, spec));
  }

  private static boolean fits(Signer signer) {
    try {
      Signed.sign(Purpose.RECEIPT, signer, new byte[1]); // it checks what it made
      return true;
    } catch (CommandException e) {
      return false;
    }
  }
}
