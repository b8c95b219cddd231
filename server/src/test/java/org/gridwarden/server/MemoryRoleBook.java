package org.gridwarden.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.gridwarden.core.Actor;
import org.gridwarden.security.access.Role;

/** Roles that nobody keeps. */
final class MemoryRoleBook implements RoleBook {
  private final ConcurrentSkipListMap<String, Role> roles = new ConcurrentSkipListMap<>();

  @Override
  public Optional<Role> find(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  @Override
  public List<Role> all() {
    return List.copyOf(roles.values());
  }

  @Override
  public void put(Role role, Actor by) {
    roles.put(role.name(), role);
  }

  @Override
  public boolean remove(Role role, Actor by) {
    return roles.remove(role.name()) != null;
  }
}
