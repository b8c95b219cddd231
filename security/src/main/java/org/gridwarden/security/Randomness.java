package org.gridwarden.security;

import java.nio.charset.StandardCharsets;
import java.security.DrbgParameters;
import java.security.DrbgParameters.Capability;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.gridwarden.security.fips.FipsMode;

/**
 * The one source of randomness for keys, passwords and salts: a deterministic random bit generator
 * of NIST SP 800-90A Rev. 1 at 256 bits of strength, reseeded from the operating system. Asked for
 * by name, since the platform's default generator is another one. Thread-safe.
 */
final class Randomness {
  private static final SecureRandom DRBG = make();

  private Randomness() {}

  /** The shared generator. */
  static SecureRandom drbg() {
    return DRBG;
  }

  /** So many random bytes. */
  static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    DRBG.nextBytes(bytes);
    return bytes;
  }

  private static SecureRandom make() {
    try {
      if (FipsMode.on()) {
        // the module makes keys by its own object alone; it is a DRBG, as its configuration says
        return SecureRandom.getInstance("DEFAULT", FipsMode.provider());
      }
      return SecureRandom.getInstance(
          "DRBG",
          DrbgParameters.instantiation(
              256, Capability.RESEED_ONLY, "gridwarden".getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "this Java has no DRBG of NIST SP 800-90A; install a full JDK 25", e);
    }
  }
}
