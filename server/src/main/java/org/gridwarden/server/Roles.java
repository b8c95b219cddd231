package org.gridwarden.server;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Duties;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.Role;
import org.gridwarden.security.access.StandardRole;
import org.gridwarden.store.User;

/**
 * What roles there are and what they may: the standard's, and the office's own. Duties stay apart
 * in each role and in all that one person holds (C28). Thread-safe; one change at a time.
 */
final class Roles {
  private final RoleBook book;
  private final UserBook users;

  Roles(RoleBook book, UserBook users) {
    this.book = book;
    this.users = users;
  }

  /** The standard's first, then the office's own by name. */
  List<Role> all() {
    return Stream.concat(
            Arrays.stream(StandardRole.values()).map(StandardRole::role), book.all().stream())
        .toList();
  }

  /** A role by its name. */
  Optional<Role> find(String name) {
    return standard(name).or(() -> book.find(name));
  }

  /** What a user may now. A role that is gone gives nothing; what clashes leaves looking only. */
  Set<Permission> of(User user) {
    return Duties.effective(permissions(user.roles(), Optional.empty()));
  }

  /**
   * The names that are meant by words such as security-administrator.
   *
   * @throws FaultException where there is no such role, or they do not go together in one person
   */
  Set<String> named(Collection<String> words) {
    Set<String> names = new LinkedHashSet<>();
    for (String word : words) {
      String name = Role.named(word);
      if (find(name).isEmpty()) {
        throw Requests.wrong(
            "roles", "are any of " + String.join(", ", all().stream().map(Role::name).toList()));
      }
      names.add(name);
    }
    Duties.conflict(permissions(names, Optional.empty()))
        .ifPresent(conflict -> {
          throw Requests.wrong("roles", conflict);
        });
    return names;
  }

  /**
   * Makes a role or changes what it may, for all who hold it.
   *
   * @throws FaultException where it is the standard's, the maker's own, or clashes in somebody
   */
  synchronized Role put(String word, Collection<String> permissions, String note, String by) {
    String name = Role.named(word);
    if (standard(name).isPresent()) {
      throw new FaultException(
          Fault.Code.CONFLICT, "role", name + " is the standard's: make one of another name");
    }
    Role role;
    try {
      role = new Role(name, permissions(permissions), note, false);
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("role", String.valueOf(e.getMessage()));
    }
    for (User user : holders(name)) {
      if (user.name().equalsIgnoreCase(by)) {
        throw new FaultException(
            Fault.Code.FORBIDDEN, "role", "nobody changes their own rights: ask another one");
      }
      Duties.conflict(permissions(user.roles(), Optional.of(role)))
          .ifPresent(conflict -> {
            throw new FaultException(Fault.Code.CONFLICT, "role", user.name() + ": " + conflict);
          });
    }
    book.put(role, new Actor(Actor.Kind.PERSON, by));
    return role;
  }

  /**
   * Removes a role of the office's own.
   *
   * @throws FaultException where it is the standard's, or somebody holds it
   */
  synchronized void remove(String word, String by) {
    String name = Role.named(word);
    Role role =
        find(name).orElseThrow(() -> FaultException.notFound("role", "there is no such role"));
    if (role.standard()) {
      throw new FaultException(Fault.Code.CONFLICT, "role", name + " is the standard's: it stays");
    }
    List<User> holders = holders(name);
    if (!holders.isEmpty()) {
      throw new FaultException(
          Fault.Code.CONFLICT,
          "role",
          holders.getFirst().name() + " holds it: give them another role first");
    }
    book.remove(role, new Actor(Actor.Kind.PERSON, by));
  }

  /** Who has a role. */
  List<User> holders(String name) {
    return users.all().stream().filter(user -> user.roles().contains(name)).toList();
  }

  /** Permissions by their names. */
  static Set<Permission> permissions(Collection<String> words) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (String word : words) {
      try {
        permissions.add(Permission.valueOf(Role.named(word)));
      } catch (IllegalArgumentException e) {
        throw Requests.wrong(
            "permissions",
            "are any of " + Arrays.toString(Permission.values()).replaceAll("[\\[\\]]", ""));
      }
    }
    return permissions;
  }

  private Set<Permission> permissions(Set<String> names, Optional<Role> changed) {
    Set<Permission> all = EnumSet.noneOf(Permission.class);
    for (String name : names) {
      changed
          .filter(role -> role.name().equals(name))
          .or(() -> find(name))
          .ifPresent(role -> all.addAll(role.permissions()));
    }
    return all;
  }

  private static Optional<Role> standard(String name) {
    return Arrays.stream(StandardRole.values())
        .map(StandardRole::role)
        .filter(role -> role.name().equals(name))
        .findFirst();
  }
}
