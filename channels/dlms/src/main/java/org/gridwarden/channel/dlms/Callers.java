package org.gridwarden.channel.dlms;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.MeterId;

/**
 * Meters that have called in and proven themselves, and over which connection: the latest of each.
 * Thread-safe.
 */
final class Callers {
  private final Map<MeterId, Caller> callers = new ConcurrentHashMap<>();

  /**
   * Where a meter is.
   *
   * @param device its logical device, by which a concentrator tells it from its neighbours
   */
  record Caller(TcpSession session, int device) {}

  void called(MeterId meter, TcpSession session, int device) {
    callers.put(meter, new Caller(session, device));
  }

  Optional<Caller> find(MeterId meter) {
    return Optional.ofNullable(callers.get(meter));
  }

  /** A connection has ended. */
  void gone(TcpSession session) {
    callers.values().removeIf(caller -> caller.session() == session);
  }
}
