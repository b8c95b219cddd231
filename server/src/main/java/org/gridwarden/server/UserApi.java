package org.gridwarden.server;

import java.security.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.gridwarden.store.User;
import org.gridwarden.store.UserRole;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Users and their roles; a security administrator's. */
@RestController
@RequestMapping("/api/v1/users")
class UserApi {
  private final Accounts accounts;
  private final Office office;

  UserApi(Accounts accounts, Office office) {
    this.accounts = accounts;
    this.office = office;
  }

  /** A user, without a word of the password. */
  record UserView(String name, List<String> roles, boolean mustChangePassword, String created) {
    static UserView of(User user) {
      return new UserView(
          user.name(),
          user.roles().stream().map(Enum::name).sorted().toList(),
          user.mustChangePassword(),
          user.created().toString());
    }
  }

  /**
   * A user to be added.
   *
   * @param user the name
   * @param name the same, for those that call it so
   * @param password a first password; made here where none is given
   */
  record NewUser(
      @Nullable String user,
      @Nullable String name,
      @Nullable String password,
      @Nullable List<String> roles) {
    @Override
    public String toString() {
      return "NewUser";
    }
  }

  /** Roles by name. */
  record Roles(@Nullable List<String> roles) {}

  /**
   * A first password, shown once.
   *
   * @param password null where it was given, and so is known to who asked
   */
  record FirstPassword(String user, @Nullable String password) {
    @Override
    public String toString() {
      return "FirstPassword[" + user + "]";
    }
  }

  @GetMapping
  ReadingApi.Items<UserView> list() {
    return new ReadingApi.Items<>(accounts.all().stream().map(UserView::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  FirstPassword add(@RequestBody NewUser fresh, Principal by) {
    String name = Requests.needed("user", fresh.user() == null ? fresh.name() : fresh.user());
    String given = fresh.password() == null ? "" : fresh.password();
    String password = accounts.add(name, roles(fresh.roles()), given, by.getName());
    return new FirstPassword(name, given.isEmpty() ? password : null);
  }

  @PutMapping("/{name}/roles")
  UserView setRoles(@PathVariable String name, @RequestBody Roles roles, Principal by) {
    User changed = accounts.setRoles(name, roles(roles.roles()), by.getName());
    if (!changed.roles().contains(UserRole.OPERATOR)) {
      endKeys(changed.name());
    }
    return UserView.of(changed);
  }

  @PostMapping("/{name}/password")
  FirstPassword resetPassword(@PathVariable String name, Principal by) {
    return new FirstPassword(name, accounts.resetPassword(name, by.getName()));
  }

  @DeleteMapping("/{name}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, Principal by) {
    endKeys(accounts.remove(name, by.getName()).name());
  }

  /** Who commands no more signs no more, also where another one gets the name later. */
  private void endKeys(String operator) {
    office.commands().keys().endAll(operator, Audit.actor());
  }

  private static Set<UserRole> roles(@Nullable List<String> names) {
    Set<UserRole> roles = EnumSet.noneOf(UserRole.class);
    for (String name : names == null ? List.<String>of() : names) {
      try {
        roles.add(UserRole.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_')));
      } catch (IllegalArgumentException e) {
        throw Requests.wrong(
            "roles", "are any of viewer, operator, security_administrator, auditor");
      }
    }
    return roles;
  }
}
