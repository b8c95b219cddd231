package org.gridwarden.store;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * A person who may log in.
 *
 * @param name 1 to 64 letters, digits and . - _ @, without regard to case
 * @param roles what they may do, at least one
 * @param passwordHash the password's hash with its own parameters; never the password
 * @param mustChangePassword whether the password is a first one, which opens nothing else
 * @param version grows with each change of password or roles: sessions of an older one have ended
 * @param created when
 */
public record User(
    String name,
    Set<UserRole> roles,
    String passwordHash,
    boolean mustChangePassword,
    long version,
    Instant created) {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

  /**
   * @throws IllegalArgumentException where the name, or the roles together, are not allowed
   */
  public User {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a user name is 1 to 64 letters, digits and . - _ @, and begins with a letter or digit");
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a user has at least one role");
    }
    roles = Set.copyOf(EnumSet.copyOf(roles));
    for (UserRole one : roles) {
      for (UserRole other : roles) {
        if (!one.goesWith(other)) {
          throw new IllegalArgumentException(
              "nobody is both " + one + " and " + other + ": give them to two people");
        }
      }
    }
  }

  @Override
  public String toString() {
    return "User[" + name + " " + roles + "]";
  }
}
