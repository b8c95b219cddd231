package org.gridwarden.server;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.security.access.Role;
import org.gridwarden.store.AccessRoles;

/** Where the office's own roles are kept; each change is audited. Thread-safe. */
interface RoleBook {
  Optional<Role> find(String name);

  /** All, by name. */
  List<Role> all();

  /** Makes or changes a role. */
  void put(Role role, Actor by);

  /** Removes a role; false where there is none. */
  boolean remove(Role role, Actor by);

  /** Roles as the store keeps them. */
  record Stored(AccessRoles roles) implements RoleBook {
    @Override
    public Optional<Role> find(String name) {
      return roles.find(name);
    }

    @Override
    public List<Role> all() {
      return roles.all();
    }

    @Override
    public void put(Role role, Actor by) {
      roles.put(role, by);
    }

    @Override
    public boolean remove(Role role, Actor by) {
      return roles.remove(role, by);
    }
  }
}
