package org.gridwarden.store;

import java.time.Instant;
import java.util.Set;

/**
 * A person who may log in.
 *
 * @param name 1 to 64 letters, digits and . - _ @, without regard to case
 * @param roles names of what they may do, at least one
 * @param passwordHash the password's hash with its own parameters, never the password; empty where
 *     an identity provider says who it is, and no password opens
 * @param mustChangePassword whether the password is a first one, which opens nothing else
 * @param disabled whether they may not log in for now
 * @param subject the identity provider's address and their name there; empty where a password opens
 * @param version grows with each change of password or roles: sessions of an older one have ended
 * @param created when
 */
public record User(
    String name,
    Set<String> roles,
    String passwordHash,
    boolean mustChangePassword,
    boolean disabled,
    String subject,
    long version,
    Instant created) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

  /**
   * @throws IllegalArgumentException where the name is not allowed, or there is no role
   */
  public User {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a user name is 1 to 64 letters, digits and . - _ @, and begins with a letter or digit");
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a user has at least one role");
    }
    roles = Set.copyOf(roles);
  }

  /** The same with another password; sessions go on where the version stays. */
  public User withPassword(String hash, boolean mustChange, long newVersion) {
    return new User(name, roles, hash, mustChange, disabled, subject, newVersion, created);
  }

  /** The same with other roles; sessions end. */
  public User withRoles(Set<String> others) {
    return new User(
        name, others, passwordHash, mustChangePassword, disabled, subject, version + 1, created);
  }

  /** The same, let in or not; sessions end. */
  public User withDisabled(boolean off) {
    return new User(
        name, roles, passwordHash, mustChangePassword, off, subject, version + 1, created);
  }

  /** The same, its sessions ended. */
  public User withSessionsEnded() {
    return withDisabled(disabled);
  }

  @Override
  public String toString() {
    return "User[" + name + " " + roles + "]";
  }
}
