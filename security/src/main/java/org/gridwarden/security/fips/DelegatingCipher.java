package org.gridwarden.security.fips;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/** A cipher of the module; what is under another name is in the subclasses. */
abstract class DelegatingCipher extends CipherSpi {
  final Cipher module;

  DelegatingCipher(String transformation) {
    try {
      module = Cipher.getInstance(transformation, FipsMode.provider());
    } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void engineSetMode(String mode) {
    throw new UnsupportedOperationException(mode);
  }

  @Override
  protected void engineSetPadding(String padding) {
    throw new UnsupportedOperationException(padding);
  }

  @Override
  protected int engineGetBlockSize() {
    return module.getBlockSize();
  }

  @Override
  protected int engineGetOutputSize(int inputLength) {
    return module.getOutputSize(inputLength);
  }

  @Override
  protected byte @Nullable [] engineGetIV() {
    return module.getIV();
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return module.getParameters();
  }

  @Override
  protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
    module.init(mode, key, random);
  }

  @Override
  protected void engineInit(int mode, Key key, AlgorithmParameterSpec spec, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    module.init(mode, key, spec, random);
  }

  @Override
  protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    module.init(mode, key, parameters, random);
  }

  @Override
  protected byte @Nullable [] engineUpdate(byte[] input, int offset, int length) {
    return module.update(input, offset, length);
  }

  @Override
  protected int engineUpdate(byte[] input, int offset, int length, byte[] output, int at)
      throws ShortBufferException {
    return module.update(input, offset, length, output, at);
  }

  @Override
  protected byte[] engineDoFinal(byte[] input, int offset, int length)
      throws IllegalBlockSizeException, BadPaddingException {
    return module.doFinal(input, offset, length);
  }

  @Override
  protected int engineDoFinal(byte[] input, int offset, int length, byte[] output, int at)
      throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
    return module.doFinal(input, offset, length, output, at);
  }

  @Override
  protected byte[] engineWrap(Key key) throws IllegalBlockSizeException, InvalidKeyException {
    return module.wrap(key);
  }

  @Override
  protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
      throws InvalidKeyException, NoSuchAlgorithmException {
    return module.unwrap(wrapped, algorithm, type);
  }

  static IllegalStateException missing(GeneralSecurityException e) {
    return new IllegalStateException("the module lacks what it says that it has", e);
  }
}
