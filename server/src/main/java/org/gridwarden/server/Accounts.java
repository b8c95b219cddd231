package org.gridwarden.server;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.StandardRole;
import org.gridwarden.store.User;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may log in, and how: passwords, first passwords that must be changed, limits on failures.
 * Thread-safe.
 */
final class Accounts {
  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

  /** Where a code is asked for. */
  private static final String CODE = "code";

  /** The user that the first start makes. */
  static final String FIRST_ADMINISTRATOR = "admin";

  private final UserBook users;
  private final Roles roles;
  private final SecondFactor factors;
  private final PasswordHashing hashing;
  private final LoginLimits limits;
  private final InstantSource clock;

  /** Hashing is slow on purpose: a flood of logins must not take every core. */
  private final Semaphore hashers = new Semaphore(2, true);

  /** Checked for unknown names, so that they take as long as known ones. */
  private final String decoy;

  Accounts(
      UserBook users,
      Roles roles,
      SecondFactor factors,
      PasswordHashing hashing,
      LoginLimits limits,
      InstantSource clock) {
    this.users = users;
    this.roles = roles;
    this.factors = factors;
    this.hashing = hashing;
    this.limits = limits;
    this.clock = clock;
    this.decoy = hashing.hash(hashing.random());
  }

  /**
   * Makes the first administrator where there is no user at all.
   *
   * @return its password, to be shown once; empty where there are users
   */
  Optional<String> firstStart() {
    if (!users.all().isEmpty()) {
      return Optional.empty();
    }
    String password = hashing.random();
    User admin =
        new User(
            FIRST_ADMINISTRATOR,
            Set.of(
                StandardRole.SECURITY_ADMINISTRATOR.name(),
                StandardRole.RBAC_ADMINISTRATOR.name(),
                StandardRole.VIEWER.name()),
            hashing.hash(password),
            true,
            false,
            "",
            1,
            clock.instant());
    return users.add(admin, Actor.system("server")) ? Optional.of(password) : Optional.empty();
  }

  /**
   * Logs in.
   *
   * @param code of the second factor; empty where none is shown
   * @throws FaultException UNAUTHENTICATED for a wrong name or password alike, and at "code" where
   *     only that is missing or wrong; BUSY after too many failures
   */
  User login(String name, String password, String code, InetAddress source) {
    limits.check(name, source);
    Optional<User> found =
        users.find(name).filter(user -> !user.disabled() && !user.passwordHash().isEmpty());
    boolean right = matches(password, found.map(User::passwordHash).orElse(decoy));
    if (found.isEmpty() || !right) {
      limits.failed(name, source);
      LOG.warn("login from {} failed", source.getHostAddress());
      throw new FaultException(
          Fault.Code.UNAUTHENTICATED, "session", "wrong user or password: try again");
    }
    if (factors.on(found.get())) {
      if (code.isEmpty()) {
        throw new FaultException(
            Fault.Code.UNAUTHENTICATED, CODE, "send the code of your second factor, too");
      }
      showFactor(found.get(), code, source);
    }
    limits.succeeded(name, source);
    return upToDate(found.get(), password);
  }

  /**
   * Takes a code of a second factor, which is used up with that.
   *
   * @throws FaultException UNAUTHENTICATED where it does not fit, BUSY after too many wrong ones
   */
  void showFactor(User user, String code, InetAddress source) {
    limits.checkCode(user.name());
    if (!factors.opens(user, code)) {
      limits.failed(user.name(), source);
      limits.failedCode(user.name());
      LOG.warn("second factor from {} failed", source.getHostAddress());
      throw new FaultException(
          Fault.Code.UNAUTHENTICATED,
          CODE,
          "this code does not fit or was used already: wait for the next one");
    }
    limits.succeededCode(user.name());
  }

  /** Ends all sessions of a user. */
  User endSessions(User user, String action) {
    User changed = user.withSessionsEnded();
    replace(changed, user, person(user.name()), action);
    return changed;
  }

  /** Ends all sessions of another user, whose second factor was taken away. */
  User factorReset(String name, String by) {
    User user = another(name, by);
    User changed = user.withSessionsEnded();
    replace(changed, user, person(by), "user.sessions-ended");
    return changed;
  }

  /** Whether a user must get a second factor before anything else. */
  boolean mustEnrol(User user) {
    return factors.missing(user);
  }

  /** The password is at hand only now: a hash of the old kind is replaced. Sessions go on. */
  private User upToDate(User user, String password) {
    if (!hashing.outdated(user.passwordHash())) {
      return user;
    }
    User fresh = user.withPassword(hash(password), user.mustChangePassword(), user.version());
    // where somebody else was quicker, theirs stands
    users.replace(fresh, user.version(), Actor.system("server"), "password.rehashed");
    return user;
  }

  /** The user of a session, where it has not ended. */
  Optional<User> current(Login login) {
    return users
        .find(login.user())
        .filter(user -> user.version() == login.version() && !user.disabled());
  }

  /** What a user may now. */
  Set<Permission> permissions(User user) {
    return roles.of(user);
  }

  /**
   * Changes one's own password.
   *
   * @return the user as it is now; sessions made before have ended
   */
  User changePassword(User user, String old, String fresh, InetAddress source) {
    limits.check(user.name(), source);
    if (!matches(old, user.passwordHash())) {
      limits.failed(user.name(), source);
      throw new FaultException(Fault.Code.FORBIDDEN, "old", "this is not the present password");
    }
    if (old.equals(fresh)) {
      throw new FaultException(Fault.Code.MALFORMED, "new", "choose another than the present one");
    }
    PasswordRules.check("new", user.name(), fresh);
    User changed = user.withPassword(hash(fresh), false, user.version() + 1);
    replace(changed, user, person(user.name()), "password.changed");
    return changed;
  }

  /** A user by name. */
  Optional<User> find(String name) {
    return users.find(name);
  }

  /** All users. */
  List<User> all() {
    return users.all();
  }

  /**
   * Adds a user with a first password.
   *
   * @param given the first password; empty: one is made
   * @return the password, to be handed over once
   */
  String add(String name, Collection<String> words, String given, String by) {
    Set<String> held = roles.named(words);
    String password = given.isEmpty() ? hashing.random() : given;
    PasswordRules.check("password", name, password);
    User user = user(name, held, hash(password));
    if (!users.add(user, person(by))) {
      throw new FaultException(Fault.Code.CONFLICT, "user", "there is such a user already");
    }
    return password;
  }

  /** Gives a user other roles; not oneself. */
  User setRoles(String name, Collection<String> words, String by) {
    User user = another(name, by);
    Set<String> held = roles.named(words);
    if (held.isEmpty()) {
      throw Requests.wrong("roles", "are at least one: to keep somebody out, disable the user");
    }
    User changed = user.withRoles(held);
    replace(changed, user, person(by), "user.roles");
    return changed;
  }

  /**
   * Whom an identity provider names, with the roles that its words give; made at the first time.
   *
   * @param subject the provider's address and their name there, which never changes
   * @throws FaultException CONFLICT where the name is another's, FORBIDDEN where they are disabled
   */
  User enter(String subject, String name, Collection<String> words) {
    Set<String> held = roles.named(words);
    Actor by = Actor.system("oidc");
    Optional<User> known =
        users.all().stream().filter(user -> user.subject().equals(subject)).findFirst();
    if (known.isEmpty()) {
      User fresh;
      try {
        fresh = new User(name, held, "", false, false, subject, 1, clock.instant());
      } catch (IllegalArgumentException e) {
        throw new FaultException(Fault.Code.FORBIDDEN, "user", String.valueOf(e.getMessage()));
      }
      if (!users.add(fresh, by)) {
        throw new FaultException(
            Fault.Code.CONFLICT, "user", "there is another user of this name here");
      }
      return fresh;
    }
    User user = known.get();
    if (user.disabled()) {
      throw new FaultException(Fault.Code.FORBIDDEN, "disabled", "this user is disabled here");
    }
    if (user.roles().equals(held)) {
      return user;
    }
    User changed = user.withRoles(held);
    replace(changed, user, by, "user.roles");
    return changed;
  }

  /** Whether logging in asks a user for a code. */
  boolean factorOn(User user) {
    return factors.on(user);
  }

  /** Gives a user a new first password; not oneself. */
  String resetPassword(String name, String by) {
    User user = another(name, by);
    if (!user.subject().isEmpty()) {
      throw new FaultException(
          Fault.Code.CONFLICT, "user", "the identity provider says who this is: no password opens");
    }
    String password = hashing.random();
    User changed = user.withPassword(hash(password), true, user.version() + 1);
    replace(changed, user, person(by), "user.password-reset");
    return password;
  }

  /** Keeps a user out, or lets them in again; not oneself. */
  User setDisabled(String name, boolean disabled, String by) {
    User user = another(name, by);
    User changed = user.withDisabled(disabled);
    replace(changed, user, person(by), disabled ? "user.disabled" : "user.enabled");
    return changed;
  }

  /** Forgets failed log-ins of a user, from wherever they came. */
  void unlock(String name, String by) {
    limits.forget(another(name, by).name());
  }

  /** Removes a user; not oneself. */
  User remove(String name, String by) {
    User user = another(name, by);
    users.remove(user.name(), person(by));
    return user;
  }

  private User another(String name, String by) {
    if (name.toLowerCase(Locale.ROOT).equals(by.toLowerCase(Locale.ROOT))) {
      throw new FaultException(
          Fault.Code.FORBIDDEN,
          "user",
          "nobody changes their own rights: ask another administrator");
    }
    return users
        .find(name)
        .orElseThrow(() -> FaultException.notFound("user", "there is no such user"));
  }

  private User user(String name, Set<String> held, String hash) {
    try {
      return new User(name, held, hash, true, false, "", 1, clock.instant());
    } catch (IllegalArgumentException e) {
      throw new FaultException(Fault.Code.MALFORMED, "user", String.valueOf(e.getMessage()));
    }
  }

  private void replace(User changed, User before, Actor by, String action) {
    if (!users.replace(changed, before.version(), by, action)) {
      throw new FaultException(
          Fault.Code.CONFLICT, "user", "somebody changed this user meanwhile: look again");
    }
  }

  private boolean matches(String password, String hash) {
    return slowly(() -> hashing.matches(password, hash));
  }

  private String hash(String password) {
    return slowly(() -> hashing.hash(password));
  }

  private <T> T slowly(java.util.function.Supplier<T> work) {
    hashers.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      hashers.release();
    }
  }

  private static Actor person(String name) {
    return new Actor(Actor.Kind.PERSON, name);
  }
}
