package org.gridwarden.server;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.gridwarden.core.Actor;
import org.gridwarden.store.User;

/** Users that nobody keeps. */
final class MemoryUserBook implements UserBook {
  private final ConcurrentSkipListMap<String, User> users = new ConcurrentSkipListMap<>();

  @Override
  public Optional<User> find(String name) {
    return Optional.ofNullable(users.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public List<User> all() {
    return List.copyOf(users.values());
  }

  @Override
  public boolean add(User user, Actor by) {
    return users.putIfAbsent(user.name().toLowerCase(Locale.ROOT), user) == null;
  }

  @Override
  public boolean replace(User user, long expected, Actor by, String action) {
    User before = users.get(user.name().toLowerCase(Locale.ROOT));
    return before != null
        && before.version() == expected
        && users.replace(user.name().toLowerCase(Locale.ROOT), before, user);
  }

  @Override
  public boolean remove(String name, Actor by) {
    return users.remove(name.toLowerCase(Locale.ROOT)) != null;
  }
}
