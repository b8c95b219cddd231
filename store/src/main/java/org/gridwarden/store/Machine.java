package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.security.access.Permission;

/**
 * A machine that asks in its own name, never in a person's.
 *
 * @param name 1 to 64 letters, digits and . - _, never given twice
 * @param permissions what it may
 * @param perMinute how many requests a minute it may send, 1 to 100,000
 * @param keyId names its key; empty where it has none
 * @param certificate SHA-256 of its certificate, hexadecimal digits; empty where it has none
 * @param created when
 * @param createdBy by whom
 * @param expires from when on it is refused
 * @param lastUsed to the minute
 * @param revoked empty where it is not
 * @param revokedBy empty where it is not
 */
public record Machine(
    String name,
    Set<Permission> permissions,
    int perMinute,
    String keyId,
    String certificate,
    Instant created,
    String createdBy,
    Instant expires,
    Optional<Instant> lastUsed,
    Optional<Instant> revoked,
    String revokedBy) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /**
   * @throws IllegalArgumentException naming what is wrong and how it is meant
   */
  public Machine {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a machine's name is 1 to 64 letters, digits and . - _, and begins with one of the first"
              + " two");
    }
    if (permissions.isEmpty()) {
      throw new IllegalArgumentException("a machine has at least one permission");
    }
    if (perMinute < 1 || perMinute > 100_000) {
      throw new IllegalArgumentException("requests a minute are 1 to 100000");
    }
    if (keyId.isEmpty() && certificate.isEmpty()) {
      throw new IllegalArgumentException("a machine is known by a key, a certificate or both");
    }
    permissions = Set.copyOf(permissions);
  }

  /** Whether it is let in at an instant. */
  public boolean inForce(Instant now) {
    return revoked.isEmpty() && now.isBefore(expires);
  }
}
