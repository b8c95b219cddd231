package org.gridwarden.security.fips;

import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParametersSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * PBES2 (RFC 8018, A.4) with PBKDF2, HMAC-SHA-512 and AES-256 in CBC, and no other: what the office
 * writes, and what it reads.
 */
final class PasswordParameters extends AlgorithmParametersSpi {
  private static final byte[] PBKDF2 = oid("2a864886f70d01050c");
  private static final byte[] HMAC_SHA512 = oid("2a864886f70d020b");
  private static final byte[] AES256_CBC = oid("60864801650304012a");
  private static final byte[] KEY_LENGTH = Der.of(Der.INTEGER, new byte[] {32});

  private @Nullable PBEParameterSpec spec;

  private static byte[] oid(String hex) {
    return Der.of(Der.OBJECT, HexFormat.of().parseHex(hex));
  }

  @Override
  protected void engineInit(AlgorithmParameterSpec given) throws InvalidParameterSpecException {
    if (!(given instanceof PBEParameterSpec pbe)
        || !(pbe.getParameterSpec() instanceof IvParameterSpec)) {
      throw new InvalidParameterSpecException("salt, rounds and IV are needed");
    }
    spec = pbe;
  }

  @Override
  protected void engineInit(byte[] der) throws IOException {
    try {
      Der.Reader whole = new Der.Reader(der).into(Der.SEQUENCE);
      Der.Reader derivation = whole.into(Der.SEQUENCE);
      need(derivation.value(Der.OBJECT), PBKDF2);
      Der.Reader how = derivation.into(Der.SEQUENCE);
      byte[] salt = how.value(Der.OCTETS);
      int rounds = new BigInteger(how.value(Der.INTEGER)).intValueExact();
      if (how.has(Der.INTEGER)) {
        need(how.value(Der.INTEGER), KEY_LENGTH);
      }
      need(how.into(Der.SEQUENCE).value(Der.OBJECT), HMAC_SHA512);
      Der.Reader cipher = whole.into(Der.SEQUENCE);
      need(cipher.value(Der.OBJECT), AES256_CBC);
      spec = new PBEParameterSpec(salt, rounds, new IvParameterSpec(cipher.value(Der.OCTETS)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IOException("not PBES2 with HMAC-SHA-512 and AES-256-CBC", e);
    }
  }

  /** The element's content is the constant's, behind its tag and length. */
  private static void need(byte[] content, byte[] constant) {
    if (!Arrays.equals(content, Arrays.copyOfRange(constant, 2, constant.length))) {
      throw new IllegalArgumentException("another algorithm");
    }
  }

  @Override
  protected void engineInit(byte[] der, String format) throws IOException {
    engineInit(der);
  }

  @Override
  protected <T extends AlgorithmParameterSpec> T engineGetParameterSpec(Class<T> type)
      throws InvalidParameterSpecException {
    if (!type.isInstance(given())) {
      throw new InvalidParameterSpecException("not of this kind");
    }
    return type.cast(given());
  }

  @Override
  protected byte[] engineGetEncoded() {
    PBEParameterSpec pbe = given();
    byte[] iv = ((IvParameterSpec) pbe.getParameterSpec()).getIV();
    return Der.of(
        Der.SEQUENCE,
        Der.of(
            Der.SEQUENCE,
            PBKDF2,
            Der.of(
                Der.SEQUENCE,
                Der.of(Der.OCTETS, pbe.getSalt()),
                Der.of(Der.INTEGER, BigInteger.valueOf(pbe.getIterationCount()).toByteArray()),
                KEY_LENGTH,
                Der.of(Der.SEQUENCE, HMAC_SHA512, Der.of(Der.NULL)))),
        Der.of(Der.SEQUENCE, AES256_CBC, Der.of(Der.OCTETS, iv)));
  }

  @Override
  protected byte[] engineGetEncoded(String format) {
    return engineGetEncoded();
  }

  private PBEParameterSpec given() {
    if (spec == null) {
      throw new IllegalStateException("no parameters were given");
    }
    return spec;
  }

  @Override
  protected String engineToString() {
    return "PBES2";
  }
}
