package org.gridwarden.security.access;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps duties apart (C28): by a role's own permissions and by all that a person holds. */
public final class Duties {
  private Duties() {}

  /**
   * What of a set does not go together.
   *
   * @return words that name both sides; empty where the set is allowed
   */
  public static Optional<String> conflict(Set<Permission> held) {
    List<Permission> sorted = held.stream().sorted(Comparator.naturalOrder()).toList();
    for (Permission one : sorted) {
      for (Permission other : sorted) {
        if (!together(one.duty(), other.duty())) {
          return Optional.of(
              "nobody has both "
                  + one
                  + " ("
                  + one.duty()
                  + ") and "
                  + other
                  + " ("
                  + other.duty()
                  + "): give them to two people");
        }
      }
    }
    return Optional.empty();
  }

  /**
   * What of a set counts. Roles may have changed since they were given; where they now clash, only
   * looking is left, and nothing of it to a customer.
   */
  public static Set<Permission> effective(Set<Permission> held) {
    if (held.isEmpty() || conflict(held).isEmpty()) {
      return held;
    }
    return held.contains(Permission.VIEW_OWN)
        ? Set.of()
        : held.stream()
            .filter(p -> p.duty() == Duty.READS)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Permission.class)));
  }

  private static boolean together(Duty one, Duty other) {
    if (one == other) {
      return true;
    }
    if (one == Duty.OWNS || other == Duty.OWNS) {
      return false;
    }
    return one == Duty.READS || other == Duty.READS;
  }
}
