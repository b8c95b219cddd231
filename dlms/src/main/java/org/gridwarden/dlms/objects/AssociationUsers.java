package org.gridwarden.dlms.objects;

import java.util.OptionalInt;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * A client's users (IEC 62056-6-2 clause 4.4.2): who may use one association, each a number and a
 * name. Lives longer than an association. Thread-safe.
 */
public final class AssociationUsers {
  private static final int MOST = 64;
  private static final AttributeType USER =
      AttributeType.structure(AttributeType.unsigned(), AttributeType.visible(32));

  private final TypedAttribute list =
      new TypedAttribute(AttributeType.array(USER, MOST), DlmsData.Array.of());

  /** Whether the user is known; without a list everybody is. */
  public boolean allows(OptionalInt user) {
    return list.elements().isEmpty()
        || (user.isPresent() && list.elements().stream().anyMatch(e -> id(e) == user.getAsInt()));
  }

  AttributeType type() {
    return USER;
  }

  DlmsData list() {
    return list.value();
  }

  AccessResult list(DlmsData users) {
    return list.set(users);
  }

  /** Who asks, as the list names it: {@code {0, ""}} where nobody is named. */
  DlmsData current(OptionalInt user) {
    return list.elements().stream()
        .filter(e -> user.isPresent() && id(e) == user.getAsInt())
        .findFirst()
        .orElseGet(() ->
            DlmsData.Structure.of(
                new DlmsData.Unsigned8(user.orElse(0)), new DlmsData.VisibleString("")));
  }

  /** A number has one user. */
  synchronized AccessResult add(DlmsData user) {
    boolean taken = list.elements().stream().anyMatch(e -> id(e) == id(user) && !e.equals(user));
    return taken ? AttributeType.OUT_OF_RANGE : list.add(user);
  }

  synchronized AccessResult remove(DlmsData user) {
    return list.remove(user);
  }

  private static int id(DlmsData user) {
    return ((DlmsData.Unsigned8) ((DlmsData.Structure) user).get(0)).value();
  }
}
