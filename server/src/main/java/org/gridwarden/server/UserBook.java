package org.gridwarden.server;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.store.User;

/** Where users are kept; each change is audited in the same transaction. Thread-safe. */
interface UserBook {
  /** By name, without regard to case. */
  Optional<User> find(String name);

  /** All, by name. */
  List<User> all();

  /**
   * Adds a user.
   *
   * @return false where the name is taken
   */
  boolean add(User user, Actor by);

  /**
   * Replaces a user whose version is still {@code expected}.
   *
   * @return false where somebody else was quicker, or the user is gone
   */
  boolean replace(User user, long expected, Actor by, String action);

  /** Removes a user; false where there is none. */
  boolean remove(String name, Actor by);
}
