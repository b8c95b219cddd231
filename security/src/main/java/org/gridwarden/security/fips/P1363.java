package org.gridwarden.security.fips;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;

/** ECDSA with r and s side by side (IEEE P1363) in the place of DER. */
final class P1363 extends SignatureSpi {
  private final Signature module;
  private final int field;

  P1363(String algorithm, int field) {
    this.field = field;
    try {
      this.module = Signature.getInstance(algorithm, FipsMode.provider());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
    module.initVerify(key);
  }

  @Override
  protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
    module.initSign(key);
  }

  @Override
  protected void engineUpdate(byte b) throws SignatureException {
    module.update(b);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
    module.update(bytes, offset, length);
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    Der.Reader pair = new Der.Reader(module.sign()).into(Der.SEQUENCE);
    byte[] both = new byte[2 * field];
    for (int i = 0; i < 2; i++) {
      byte[] number = new BigInteger(pair.value(Der.INTEGER)).toByteArray();
      int from = number.length > field ? number.length - field : 0;
      int length = number.length - from;
      System.arraycopy(number, from, both, (i + 1) * field - length, length);
    }
    return both;
  }

  @Override
  protected boolean engineVerify(byte[] both) throws SignatureException {
    if (both.length != 2 * field) {
      throw new SignatureException("a signature has " + 2 * field + " bytes, not " + both.length);
    }
    return module.verify(
        Der.of(
            Der.SEQUENCE,
            Der.of(Der.INTEGER, new BigInteger(1, both, 0, field).toByteArray()),
            Der.of(Der.INTEGER, new BigInteger(1, both, field, field).toByteArray())));
  }

  @Override
  @Deprecated
  protected void engineSetParameter(String name, Object value) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String name) {
    throw new UnsupportedOperationException(name);
  }
}
