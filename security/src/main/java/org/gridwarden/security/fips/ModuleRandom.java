package org.gridwarden.security.fips;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/** The module's own generator, of NIST SP 800-90A, under the JDK's name for one. */
final class ModuleRandom extends SecureRandomSpi {
  private static final long serialVersionUID = 1L;

  private final SecureRandom module;

  ModuleRandom() {
    try {
      module = SecureRandom.getInstance("DEFAULT", FipsMode.provider());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void engineSetSeed(byte[] seed) {
    module.setSeed(seed);
  }

  @Override
  protected void engineNextBytes(byte[] bytes) {
    module.nextBytes(bytes);
  }

  @Override
  protected byte[] engineGenerateSeed(int count) {
    return module.generateSeed(count);
  }
}
