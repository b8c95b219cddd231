package org.gridwarden.channel.mqtt;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.MeterId;

/**
 * Which connection is whose: one a name, the latest; and of whom a session is remembered after its
 * connection, as long as the process lives. Thread-safe.
 */
final class Sessions {
  /** So many are remembered; beyond that the client is told that it begins anew. */
  private static final int REMEMBERED = 100_000;

  private final Map<MeterId, MqttSession> open = new ConcurrentHashMap<>();
  private final Map<MeterId, Boolean> remembered = new ConcurrentHashMap<>();

  /**
   * A client was accepted.
   *
   * @return the connection that it had before, to be closed (MQTT 5, clause 3.1.4)
   */
  Optional<MqttSession> accepted(MeterId name, MqttSession session) {
    return Optional.ofNullable(open.put(name, session));
  }

  /** A connection has ended; another one of the same name stands. */
  void gone(MeterId name, MqttSession session) {
    open.remove(name, session);
  }

  Optional<MqttSession> find(MeterId name) {
    return Optional.ofNullable(open.get(name));
  }

  /**
   * A session to keep, or to begin anew.
   *
   * @return whether it listened for orders when its last connection ended; empty where none is kept
   */
  Optional<Boolean> resume(MeterId name, boolean anew) {
    return Optional.ofNullable(anew ? forget(name) : remembered.get(name));
  }

  private @org.jspecify.annotations.Nullable Boolean forget(MeterId name) {
    remembered.remove(name);
    return null;
  }

  /** Remembers a session. */
  void remember(MeterId name, boolean listens) {
    if (remembered.size() < REMEMBERED || remembered.containsKey(name)) {
      remembered.put(name, listens);
    }
  }
}
