package org.gridwarden.message;

import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;

/**
 * Seals what the office says to meters, whichever channel carries it. Each counter is reserved
 * durably by itself, so that whoever sends next, over whichever channel, has a greater one (C2).
 * Thread-safe.
 */
public final class OfficeSender {
  private final Channel.Host host;
  private final KeyCache cache = new KeyCache(Direction.DOWN);

  public OfficeSender(Channel.Host host) {
    this.host = host;
  }

  /**
   * Seals a payload for a meter, under its key in force.
   *
   * @return the COSE_Encrypt0 message; empty where the meter has no key for messages
   */
  public Optional<byte[]> seal(MeterId meter, MessageClass kind, Form form, byte[] payload) {
    Optional<KeySet> found = host.keys().keys(meter, Purpose.MESSAGE);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    KeySet set = found.get();
    MessageKeys keys = cache.keys(meter, set, Algorithm.usual(set.encryption().length()));
    long counter = host.counters().reserve(meter, Purpose.MESSAGE.counterName(set.keyId()), 1);
    return Optional.of(
        Secured.seal(
            new Header(keys.algorithm(), form, set.keyId(), counter, meter, kind), keys, payload));
  }
}
