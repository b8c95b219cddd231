package org.gridwarden.server;

import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.store.User;
import org.gridwarden.store.Users;

/** Users as the store keeps them. */
record StoredUserBook(Users users) implements UserBook {
  @Override
  public Optional<User> find(String name) {
    return users.find(name);
  }

  @Override
  public List<User> all() {
    return users.all();
  }

  @Override
  public boolean add(User user, Actor by) {
    return users.add(user, by);
  }

  @Override
  public boolean replace(User user, long expected, Actor by, String action) {
    return users.replace(user, expected, by, action);
  }

  @Override
  public boolean remove(String name, Actor by) {
    return users.remove(name, by);
  }
}
