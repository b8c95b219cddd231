package org.gridwarden.channel.dlms;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * What meters said of themselves, so that each is asked once while the server runs. Meters of one
 * kind share what they said. Of more meters than are kept, the longest unused is asked again.
 * Thread-safe.
 */
final class TraitsMemory {
  private static final int METERS = 200_000;
  private static final int KINDS = 1_000;

  private final Map<MeterId, Traits> byMeter =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<MeterId, Traits> eldest) {
          return size() > METERS;
        }
      };
  private final Map<Traits, Traits> kinds = new LinkedHashMap<>();

  synchronized Optional<Traits> find(MeterId meter) {
    return Optional.ofNullable(byMeter.get(meter));
  }

  synchronized void keep(MeterId meter, Traits traits) {
    if (kinds.size() >= KINDS) {
      kinds.clear();
    }
    byMeter.put(meter, kinds.computeIfAbsent(traits, t -> t));
  }
}
