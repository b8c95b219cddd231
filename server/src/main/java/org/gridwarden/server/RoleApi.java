package org.gridwarden.server;

import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.Role;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What roles may; an RBAC administrator's. */
@RestController
@RequestMapping("/api/v1/roles")
class RoleApi {
  private final Roles roles;

  RoleApi(Roles roles) {
    this.roles = roles;
  }

  /**
   * A role.
   *
   * @param standard whether it is there without being made
   * @param holders how many users have it
   */
  record RoleView(
      String name, List<String> permissions, String note, boolean standard, int holders) {}

  /**
   * A permission.
   *
   * @param duty of ACTS, GRANTS and AUDITS nobody has two; OWNS goes with nothing else
   */
  record PermissionView(String name, String duty, String words) {
    static PermissionView of(Permission permission) {
      return new PermissionView(permission.name(), permission.duty().name(), permission.words());
    }
  }

  /** All roles, and of what roles are made. */
  record RoleList(List<RoleView> items, List<PermissionView> permissions) {}

  /** What a role is to be. */
  record NewRole(@Nullable List<String> permissions, @Nullable String note) {}

  @GetMapping
  RoleList list() {
    return new RoleList(
        roles.all().stream().map(this::view).toList(),
        Arrays.stream(Permission.values()).map(PermissionView::of).toList());
  }

  @PutMapping("/{name}")
  RoleView put(@PathVariable String name, @RequestBody NewRole role, Principal by) {
    List<String> permissions = role.permissions() == null ? List.of() : role.permissions();
    String note = role.note() == null ? "" : role.note();
    return view(roles.put(name, permissions, note, by.getName()));
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, Principal by) {
    roles.remove(name, by.getName());
  }

  private RoleView view(Role role) {
    return new RoleView(
        role.name(),
        names(role.permissions()),
        role.note(),
        role.standard(),
        roles.holders(role.name()).size());
  }

  /** In the order in which they are listed. */
  static List<String> names(Set<Permission> permissions) {
    return permissions.stream().sorted().map(Enum::name).toList();
  }
}
