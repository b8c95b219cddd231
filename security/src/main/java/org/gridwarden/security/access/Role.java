package org.gridwarden.security.access;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A named set of permissions.
 *
 * @param name 2 to 40 capitals, digits and underscores, a letter first
 * @param permissions at least one, none that nobody holds together (C28)
 * @param note what it is for, at most 200 characters
 * @param standard whether it is there without being made, and cannot be changed
 */
public record Role(String name, Set<Permission> permissions, String note, boolean standard) {
  private static final String NAME = "[A-Z][A-Z0-9_]{1,39}";

  /** What roles are called elsewhere: in IEC 62351-8 and in what was written for earlier roles. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "AUDITOR", "SECURITY_AUDITOR",
          "SECAUD", "SECURITY_AUDITOR",
          "SECADM", "SECURITY_ADMINISTRATOR",
          "RBACMNT", "RBAC_ADMINISTRATOR");

  /**
   * @throws IllegalArgumentException naming what is wrong and how it is meant
   */
  public Role {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "a role's name is 2 to 40 capitals, digits and _, and begins with a letter");
    }
    if (permissions.isEmpty()) {
      throw new IllegalArgumentException("a role has at least one permission");
    }
    if (note.length() > 200) {
      throw new IllegalArgumentException("a role's note has at most 200 characters");
    }
    permissions = Set.copyOf(permissions);
    Duties.conflict(permissions)
        .ifPresent(words -> {
          throw new IllegalArgumentException(words);
        });
  }

  /** The name that is meant by a word such as security-administrator, SECADM or auditor. */
  public static String named(String word) {
    String name = word.strip().toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    return OTHER_NAMES.getOrDefault(name, name);
  }
}
