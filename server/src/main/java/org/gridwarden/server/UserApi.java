package org.gridwarden.server;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.gridwarden.security.access.Permission;
import org.gridwarden.store.User;
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
  private final Factors factors;
  private final Office office;

  UserApi(Accounts accounts, Factors factors, Office office) {
    this.accounts = accounts;
    this.factors = factors;
    this.office = office;
  }

  /** A user, without a word of the password. */
  record UserView(
      String name,
      List<String> roles,
      boolean mustChangePassword,
      boolean disabled,
      boolean secondFactor,
      String created) {
    static UserView of(User user, boolean secondFactor) {
      return new UserView(
          user.name(),
          user.roles().stream().sorted().toList(),
          user.mustChangePassword(),
          user.disabled(),
          secondFactor,
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

  /** Whether a user is kept out. */
  record Disabled(boolean disabled) {}

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
    Set<String> enrolled = factors.enrolled();
    return new ReadingApi.Items<>(
        accounts.all().stream()
            .map(user -> UserView.of(user, enrolled.contains(user.name().toLowerCase(Locale.ROOT))))
            .toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  FirstPassword add(@RequestBody NewUser fresh, Principal by) {
    String name = Requests.needed("user", fresh.user() == null ? fresh.name() : fresh.user());
    String given = fresh.password() == null ? "" : fresh.password();
    String password = accounts.add(name, words(fresh.roles()), given, by.getName());
    return new FirstPassword(name, given.isEmpty() ? password : null);
  }

  @PutMapping("/{name}/roles")
  UserView setRoles(@PathVariable String name, @RequestBody Roles roles, Principal by) {
    User changed = accounts.setRoles(name, words(roles.roles()), by.getName());
    if (!accounts.permissions(changed).contains(Permission.COMMAND)) {
      endKeys(changed.name());
    }
    return UserView.of(changed, factors.on(changed));
  }

  @PostMapping("/{name}/password")
  FirstPassword resetPassword(@PathVariable String name, Principal by) {
    return new FirstPassword(name, accounts.resetPassword(name, by.getName()));
  }

  @PutMapping("/{name}/disabled")
  UserView setDisabled(@PathVariable String name, @RequestBody Disabled wanted, Principal by) {
    User changed = accounts.setDisabled(name, wanted.disabled(), by.getName());
    return UserView.of(changed, factors.on(changed));
  }

  @DeleteMapping("/{name}/lock")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void unlock(@PathVariable String name, Principal by) {
    accounts.unlock(name, by.getName());
    Audit.note(office, "user.unlocked", name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Who lost it logs in by the password alone, and gets another where their roles must have one.
   */
  @DeleteMapping("/{name}/factor")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void resetFactor(@PathVariable String name, Principal by) {
    User user = accounts.factorReset(name, by.getName());
    if (!factors.remove(user.name(), Audit.actor())) {
      throw FaultException.notFound("factor", user.name() + " has none");
    }
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

  private static List<String> words(@Nullable List<String> roles) {
    return roles == null ? List.of() : roles;
  }
}
