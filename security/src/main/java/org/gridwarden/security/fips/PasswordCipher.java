package org.gridwarden.security.fips;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.InvalidParameterSpecException;
import java.util.Arrays;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** PBES2: the module's PBKDF2 with HMAC-SHA-512, and with that key its AES-256 in CBC. */
final class PasswordCipher extends DelegatingCipher {
  private static final int KEY_BITS = 256;

  private @Nullable PBEParameterSpec spec;

  PasswordCipher() {
    super("AES/CBC/PKCS5Padding");
  }

  @Override
  protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
    throw new InvalidKeyException("salt, rounds and IV are needed");
  }

  @Override
  protected void engineInit(
      int mode, Key password, AlgorithmParameterSpec given, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (!(given instanceof PBEParameterSpec pbe)
        || !(pbe.getParameterSpec() instanceof IvParameterSpec iv)) {
      throw new InvalidAlgorithmParameterException("salt, rounds and IV are needed");
    }
    spec = pbe;
    byte[] utf8 = password.getEncoded();
    char[] chars = new String(utf8, StandardCharsets.UTF_8).toCharArray();
    PBEKeySpec derivation = new PBEKeySpec(chars, pbe.getSalt(), pbe.getIterationCount(), KEY_BITS);
    byte[] derived = {};
    try {
      derived =
          SecretKeyFactory.getInstance("PBKDF2WITHHMACSHA512", FipsMode.provider())
              .generateSecret(derivation)
              .getEncoded();
      module.init(mode, new SecretKeySpec(derived, "AES"), iv);
    } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw missing(e);
    } finally {
      derivation.clearPassword();
      Arrays.fill(derived, (byte) 0);
      Arrays.fill(chars, '\0');
      Arrays.fill(utf8, (byte) 0);
    }
  }

  @Override
  protected void engineInit(int mode, Key key, AlgorithmParameters parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    try {
      engineInit(mode, key, parameters.getParameterSpec(PBEParameterSpec.class), random);
    } catch (InvalidParameterSpecException e) {
      throw new InvalidAlgorithmParameterException(e);
    }
  }

  @Override
  protected AlgorithmParameters engineGetParameters() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
      PasswordParameters own = new PasswordParameters();
      own.engineInit(spec == null ? new PBEParameterSpec(new byte[0], 0) : spec);
      parameters.init(own.engineGetEncoded());
      return parameters;
    } catch (GeneralSecurityException e) {
      throw missing(e);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
