package org.gridwarden.dlms.security;

import java.util.Optional;

/** The keys that outlive associations, as Security setup numbers them (IEC 62056-6-2, class 64). */
public enum GlobalKey {
  /** The global unicast encryption key (GUEK). */
  UNICAST(0),
  /** The global broadcast encryption key (GBEK). */
  BROADCAST(1),
  /** The global authentication key (GAK). */
  AUTHENTICATION(2),
  /** The master key (KEK), which wraps the others. */
  MASTER(3);

  private final int id;

  GlobalKey(int id) {
    this.id = id;
  }

  /** Its key_id. */
  public int id() {
    return id;
  }

  /** The key of a key_id. */
  public static Optional<GlobalKey> of(int id) {
    return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
  }
}
