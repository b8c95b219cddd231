package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import org.gridwarden.core.Fault;

/**
 * PBKDF2 with HMAC-SHA-512 (RFC 8018, NIST SP 800-132) and OWASP's number of rounds: in the FIPS
 * distribution, where Argon2id is no approved algorithm. Hashes of Argon2id do not match here: such
 * a user is given a new first password.
 */
final class Pbkdf2Hashing implements PasswordHashing {
  /** What the module takes as a password: 112 bits (NIST SP 800-131A). */
  private static final int LEAST_BYTES = 14;

  @Override
  public String random() {
    return Argon2Hashing.randomText();
  }

  @Override
  public String hash(String password) {
    if (tooShort(password)) {
      throw new FaultException(
          Fault.Code.MALFORMED, "password", "has " + LEAST_BYTES + " characters or more here");
    }
    return Pbkdf2Hash.make(password);
  }

  @Override
  public boolean matches(String password, String hash) {
    return Pbkdf2Hash.is(hash) && !tooShort(password) && Pbkdf2Hash.matches(password, hash);
  }

  @Override
  public boolean outdated(String hash) {
    return false;
  }

  private static boolean tooShort(String password) {
    return password.getBytes(StandardCharsets.UTF_8).length < LEAST_BYTES;
  }
}
