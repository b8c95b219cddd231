package org.gridwarden.message;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;

/**
 * Derived keys of one direction, kept while the key that they were derived from is lent. Bounded;
 * forgets all at once where it is full. Thread-safe.
 */
final class KeyCache {
  private static final int MOST = 65_536;

  private final Direction direction;
  private final Map<MeterId, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(KeySet set, MessageKeys keys) {}

  KeyCache(Direction direction) {
    this.direction = direction;
  }

  /**
   * @throws IllegalArgumentException where the algorithm takes no such key
   */
  @SuppressWarnings("ReferenceEquality") // another set, another derivation, whatever it holds
  MessageKeys keys(MeterId meter, KeySet set, Algorithm algorithm) {
    Entry entry = entries.get(meter);
    if (entry != null && entry.set == set && entry.keys.algorithm() == algorithm) {
      return entry.keys;
    }
    MessageKeys keys = MessageKeys.of(meter, set, direction, algorithm);
    if (entries.size() >= MOST) {
      entries.clear();
    }
    entries.put(meter, new Entry(set, keys));
    return keys;
  }
}
