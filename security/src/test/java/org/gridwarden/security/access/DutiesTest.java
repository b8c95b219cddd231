package org.gridwarden.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DutiesTest {
  /** All sets of permissions there are, as bits. */
  private static final int SETS = 1 << Permission.values().length;

  @Test
  @DisplayName("C28 of acting, granting and auditing no set of permissions holds two")
  void everySet() {
    for (int bits = 1; bits < SETS; bits++) {
      EnumSet<Permission> set = EnumSet.noneOf(Permission.class);
      EnumSet<Duty> duties = EnumSet.noneOf(Duty.class);
      for (Permission permission : Permission.values()) {
        if ((bits & 1 << permission.ordinal()) != 0) {
          set.add(permission);
          duties.add(permission.duty());
        }
      }
      boolean customer = duties.contains(Duty.OWNS);
      duties.remove(Duty.READS);
      boolean allowed = customer ? set.size() == 1 : duties.size() <= 1;
      if (allowed != Duties.conflict(set).isEmpty()) {
        throw new AssertionError(set + " " + Duties.conflict(set));
      }
      Set<Permission> effective = Duties.effective(set);
      if (!set.containsAll(effective) || Duties.conflict(effective).isPresent()) {
        throw new AssertionError(set + " counts as " + effective);
      }
    }
  }

  @Test
  @DisplayName("C28 a role of the office's own cannot combine what may not go together")
  void noSuchRole() {
    assertThatThrownBy(() ->
            new Role(
                "SHIFT_LEAD",
                Set.of(Permission.VIEW, Permission.COMMAND, Permission.MANAGE_USERS),
                "",
                false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("COMMAND")
        .hasMessageContaining("MANAGE_USERS")
        .hasMessageContaining("give them to two people");
    assertThatThrownBy(() -> new Role("X", Set.of(Permission.VIEW), "", false))
        .hasMessageContaining("2 to 40 capitals");
  }

  @ParameterizedTest
  @EnumSource(StandardRole.class)
  @DisplayName("C28 the standard's roles: who grants does not act, an auditor only reads")
  void standard(StandardRole role) {
    assertThat(Duties.conflict(role.permissions())).isEmpty();
    boolean looks = role.permissions().contains(Permission.VIEW);
    assertThat(looks).isEqualTo(role != StandardRole.CONSUMER && role != StandardRole.ANALYST);
    boolean commands = role.permissions().contains(Permission.COMMAND);
    assertThat(commands).isEqualTo(role == StandardRole.OPERATOR);
  }

  @Test
  void otherNames() {
    assertThat(Role.named("secadm")).isEqualTo("SECURITY_ADMINISTRATOR");
    assertThat(Role.named("security-administrator")).isEqualTo("SECURITY_ADMINISTRATOR");
    assertThat(Role.named("auditor")).isEqualTo("SECURITY_AUDITOR");
    assertThat(Role.named(" rbacmnt ")).isEqualTo("RBAC_ADMINISTRATOR");
  }
}
