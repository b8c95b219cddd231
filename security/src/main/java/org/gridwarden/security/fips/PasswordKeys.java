package org.gridwarden.security.fips;

import java.nio.charset.StandardCharsets;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactorySpi;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** A password that {@link PasswordCipher} derives its key from. */
final class PasswordKeys extends SecretKeyFactorySpi {
  @Override
  protected SecretKey engineGenerateSecret(KeySpec spec) throws InvalidKeySpecException {
    if (!(spec instanceof PBEKeySpec password)) {
      throw new InvalidKeySpecException("a password is needed");
    }
    byte[] bytes = new String(password.getPassword()).getBytes(StandardCharsets.UTF_8);
    return new SecretKeySpec(bytes, "PBEWithHmacSHA512AndAES_256");
  }

  @Override
  protected KeySpec engineGetKeySpec(SecretKey key, Class<?> type) throws InvalidKeySpecException {
    throw new InvalidKeySpecException("a password is not given out");
  }

  @Override
  protected SecretKey engineTranslateKey(SecretKey key) {
    return key;
  }
}
