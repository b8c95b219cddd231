package org.gridwarden.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Actor;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.access.Role;
import org.gridwarden.store.User;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final AtomicLong nanos = new AtomicLong();
  private final LoginLimits limits = new LoginLimits(nanos::get);
  private final MemoryUserBook users = new MemoryUserBook();
  private final MemoryRoleBook roles = new MemoryRoleBook();
  private final Factor factor = new Factor();
  private final Accounts accounts =
      new Accounts(
          users,
          new Roles(roles, users),
          factor,
          new Quick(),
          limits,
          InstantSource.fixed(Instant.parse("2026-11-24T00:00:00Z")));

  /** Hashes at once, so that the tests need not wait for it. */
  private static final class Quick implements PasswordHashing {
    private int count;

    @Override
    public String random() {
      return "first-password-" + count++;
    }

    @Override
    public String hash(String password) {
      return "hash of " + password.length() + " " + password.hashCode();
    }

    @Override
    public boolean matches(String password, String hash) {
      return hash(password).equals(hash);
    }

    @Override
    public boolean outdated(String hash) {
      return false;
    }
  }

  /** Of whoever is called so: one code that opens, once. */
  private static final class Factor implements SecondFactor {
    private String owner = "";
    private String code = "";

    @Override
    public boolean on(User user) {
      return user.name().equals(owner);
    }

    @Override
    public boolean missing(User user) {
      return false;
    }

    @Override
    public boolean opens(User user, String shown) {
      boolean fits = !code.isEmpty() && shown.equals(code);
      if (fits) {
        code = "";
      }
      return fits;
    }
  }

  @Test
  @DisplayName("C31 the first password is random, given once and must be changed")
  void firstStart() {
    String password = accounts.firstStart().orElseThrow();
    assertThat(accounts.firstStart()).isEmpty();
    User admin = accounts.login("Admin", password, "", HERE);
    assertThat(admin.mustChangePassword()).isTrue();
    assertThat(admin.roles())
        .containsOnly("SECURITY_ADMINISTRATOR", "RBAC_ADMINISTRATOR", "VIEWER");
    Login before = new Login(admin.name(), admin.version(), "");
    User changed = accounts.changePassword(admin, password, "a longer word of mine", HERE);
    assertThat(changed.mustChangePassword()).isFalse();
    assertThat(accounts.current(before)).isEmpty();
    assertThatThrownBy(() -> accounts.login("admin", password, "", HERE))
        .isInstanceOf(FaultException.class);
  }

  @Test
  void twoServersMakeTwoPasswords() {
    PasswordHashing hashing = new Argon2Hashing();
    assertThat(hashing.random()).isNotEqualTo(hashing.random()).hasSizeGreaterThan(20);
    String hash = hashing.hash("a longer word of mine");
    assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("longer");
    assertThat(hash).isNotEqualTo(hashing.hash("a longer word of mine"));
    assertThat(hashing.matches("a longer word of mine", hash)).isTrue();
    assertThat(hashing.matches("another word of mine", hash)).isFalse();
    assertThat(hashing.outdated(hash)).isFalse();
    assertThat(hashing.outdated(hash.replace("m=19456", "m=4096"))).isTrue();
  }

  /**
   * Made by {@code hashlib.pbkdf2_hmac('sha512', …, 210_000, 32)} of Python, under salt 00 to 0F.
   */
  private static final String OLD_HASH =
      "pbkdf2-sha512$210000$AAECAwQFBgcICQoLDA0ODw==$vn7oFhpuqP5NBcaV2JAwlpIkXtWF/dU/EDvPlu03ygc=";

  @Test
  void aHashOfTheOldKindStillOpensAndIsReplacedAtLogIn() {
    MemoryUserBook book = new MemoryUserBook();
    Accounts real =
        new Accounts(
            book,
            new Roles(roles, book),
            factor,
            new Argon2Hashing(),
            limits,
            InstantSource.fixed(Instant.EPOCH));
    User before = new User("grace", Set.of("VIEWER"), OLD_HASH, false, false, "", 4, Instant.EPOCH);
    assertThat(book.add(before, Actor.system("test"))).isTrue();
    Login session = new Login("grace", 4, "");
    assertThatThrownBy(() -> real.login("grace", "another word of mine", "", HERE))
        .isInstanceOf(FaultException.class);
    assertThat(book.find("grace").orElseThrow().passwordHash()).isEqualTo(OLD_HASH);
    assertThat(real.login("grace", "a longer word of mine", "", HERE).name()).isEqualTo("grace");
    User after = book.find("grace").orElseThrow();
    assertThat(after.passwordHash()).startsWith("$argon2id$");
    assertThat(after.roles()).containsExactly("VIEWER");
    assertThat(real.current(session)).as("sessions go on").isPresent();
    assertThat(real.login("grace", "a longer word of mine", "", HERE).passwordHash())
        .isEqualTo(after.passwordHash());
  }

  @ParameterizedTest
  @DisplayName("C31 known defaults are refused")
  @ValueSource(
      strings = {
        "short",
        "admin",
        "administrator1",
        "Password1234!",
        "p@ssw0rd12345",
        "ChangeMe12345",
        "gridwarden2026",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "qwertyuiop123",
        "my-name-is-grace-1906"
      })
  void knownPasswordsAreRefused(String password) {
    assertThatThrownBy(() -> PasswordRules.check("new", "grace", password))
        .isInstanceOf(FaultException.class)
        .message()
        .doesNotContain(password);
  }

  @Test
  void failuresMakeTheNextOnesWait() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> accounts.login("admin", "wrong", "", HERE))
          .hasMessageContaining("wrong user");
    }
    assertThatThrownBy(() -> accounts.login("admin", "wrong", "", HERE))
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.status()).isEqualTo(429);
              assertThat(e.retryAfterSeconds()).isBetween(1, 31);
            });
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
    assertThatThrownBy(() -> accounts.login("admin", "wrong", "", HERE))
        .hasMessageContaining("wrong user");
    // and then for twice as long
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
    assertThatThrownBy(() -> accounts.login("admin", "wrong", "", HERE))
        .hasMessageContaining("too many");
  }

  @Test
  void countsAreBounded() {
    for (int i = 0; i < 30_000; i++) {
      limits.failed("user" + i, HERE);
    }
    assertThat(limits.size()).isLessThanOrEqualTo(20_000);
  }

  @Test
  @DisplayName("C28 nobody changes their own rights, and one who grants does not command")
  void dutiesAreApart() {
    String unused = accounts.firstStart().orElseThrow();
    assertThat(unused).isNotEmpty();
    assertThatThrownBy(() -> accounts.setRoles("ADMIN", Set.of("operator"), "admin"))
        .hasMessageContaining("own rights");
    assertThatThrownBy(() -> accounts.remove("admin", "admin")).hasMessageContaining("own rights");
    assertThatThrownBy(
            () -> accounts.add("both", Set.of("operator", "security-administrator"), "", "admin"))
        .hasMessageContaining("give them to two people");
    assertThatThrownBy(() -> accounts.add("a", Set.of("auditor", "operator"), "", "admin"))
        .hasMessageContaining("give them to two people");
    assertThat(accounts.add("anne", Set.of("OPERATOR", "VIEWER"), "", "admin")).isNotEmpty();
    assertThatThrownBy(() -> accounts.add("Anne", Set.of("VIEWER"), "", "admin"))
        .hasMessageContaining("such a user already");
  }

  @Test
  @DisplayName(
      "C28 two roles together give nobody what may not go together, nor does a changed one")
  void rolesOfTheOffice() {
    String unused = accounts.firstStart().orElseThrow();
    assertThat(unused).isNotEmpty();
    Roles office = new Roles(roles, users);
    office.put("shift-lead", List.of("VIEW", "COMMAND"), "leads a shift", "root");
    assertThatThrownBy(() -> accounts.add("both", Set.of("shift-lead", "secaud"), "", "admin"))
        .hasMessageContaining("nobody has both COMMAND (ACTS) and READ_AUDIT (AUDITS)");
    office.put("clerk", List.of("VIEW", "BILL"), "", "root");
    String password = accounts.add("carl", Set.of("clerk"), "", "admin");
    User carl = accounts.login("carl", password, "", HERE);
    assertThat(accounts.permissions(carl))
        .containsExactlyInAnyOrder(Permission.VIEW, Permission.BILL);
    accounts.setRoles("carl", Set.of("clerk", "shift-lead"), "admin");
    assertThatThrownBy(() -> office.put("clerk", List.of("READ_AUDIT"), "", "root"))
        .hasMessageContaining("carl: nobody has both");
    assertThatThrownBy(() -> office.put("clerk", List.of("VIEW"), "", "Carl"))
        .hasMessageContaining("own rights");
    assertThatThrownBy(() -> office.put("operator", List.of("VIEW"), "", "root"))
        .hasMessageContaining("the standard's");
    assertThatThrownBy(() -> office.put("idle", List.of(), "", "root"))
        .hasMessageContaining("at least one permission");
    assertThatThrownBy(() -> office.remove("clerk", "root")).hasMessageContaining("carl holds it");
    // where a role was changed behind the office's back, only looking is left
    roles.put(
        new Role("CLERK", Set.of(Permission.VIEW, Permission.READ_AUDIT), "", false),
        Actor.system("test"));
    assertThat(accounts.permissions(users.find("carl").orElseThrow()))
        .containsExactly(Permission.VIEW);
  }

  @Test
  @DisplayName("C29 who is disabled is out at once, and an unlocked one need not wait")
  void disabledAndUnlocked() {
    String unused = accounts.firstStart().orElseThrow();
    assertThat(unused).isNotEmpty();
    String password = accounts.add("anne", Set.of("viewer"), "", "admin");
    User anne = accounts.login("anne", password, "", HERE);
    Login session = new Login(anne.name(), anne.version(), "");
    assertThat(accounts.current(session)).isPresent();
    accounts.setDisabled("anne", true, "admin");
    assertThat(accounts.current(session)).isEmpty();
    assertThatThrownBy(() -> accounts.login("anne", password, "", HERE))
        .hasMessageContaining("wrong user or password");
    accounts.setDisabled("anne", false, "admin");
    assertThat(accounts.current(session)).as("what ended stays ended").isEmpty();
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> accounts.login("anne", "wrong", "", HERE))
          .isInstanceOf(FaultException.class);
    }
    assertThatThrownBy(() -> accounts.login("anne", password, "", HERE))
        .hasMessageContaining("too many");
    accounts.unlock("Anne", "admin");
    assertThat(accounts.login("anne", password, "", HERE).name()).isEqualTo("anne");
  }

  @Test
  @DisplayName("C29 wrong codes make the next ones wait, from wherever they come")
  void wrongCodes() throws UnknownHostException {
    String unused = accounts.firstStart().orElseThrow();
    assertThat(unused).isNotEmpty();
    String password = accounts.add("anne", Set.of("viewer"), "", "admin");
    factor.owner = "anne";
    factor.code = "123456";
    assertThatThrownBy(() -> accounts.login("anne", password, "", HERE))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().where()).isEqualTo("code"));
    assertThat(accounts.login("anne", password, "123456", HERE).name()).isEqualTo("anne");
    assertThatThrownBy(() -> accounts.login("anne", password, "123456", HERE))
        .as("a second time")
        .hasMessageContaining("was used already");
    accounts.unlock("anne", "admin");
    for (int i = 0; i < 10; i++) {
      InetAddress source = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) i});
      assertThatThrownBy(() -> accounts.login("anne", password, "000000", source))
          .hasMessageContaining("does not fit");
    }
    factor.code = "654321";
    InetAddress another = InetAddress.getByAddress(new byte[] {10, 0, 1, 1});
    assertThatThrownBy(() -> accounts.login("anne", password, "654321", another))
        .hasMessageContaining("too many wrong codes");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
    assertThat(accounts.login("anne", password, "654321", another).name()).isEqualTo("anne");
  }
}
