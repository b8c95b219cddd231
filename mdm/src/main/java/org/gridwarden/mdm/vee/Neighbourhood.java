package org.gridwarden.mdm.vee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.store.Companions;
import org.gridwarden.store.Store;

/**
 * Which meters are held against each other in a run: siblings, check meters, and meters of whole
 * feeders. Immutable.
 */
record Neighbourhood(
    Map<MeterId, List<Companions.Companion>> companions,
    Map<MeterId, Companions.FeederMeter> feeders) {
  /** By whose rules a feeder's meter is validated. */
  static final String FEEDER_CLASS = "feeder";

  /** Of all meters, read once for a run over many. */
  static Neighbourhood of(Store store) {
    Map<MeterId, List<Companions.Companion>> companions = new HashMap<>();
    for (Companions.Companion one : store.companions().all()) {
      companions.computeIfAbsent(one.meter(), m -> new ArrayList<>()).add(one);
    }
    return new Neighbourhood(companions, feeders(store));
  }

  /** Of one meter. */
  static Neighbourhood of(Store store, MeterId meter) {
    return new Neighbourhood(Map.of(meter, store.companions().of(meter)), feeders(store));
  }

  private static Map<MeterId, Companions.FeederMeter> feeders(Store store) {
    Map<MeterId, Companions.FeederMeter> feeders = new HashMap<>();
    store.companions().feeders().forEach(f -> feeders.put(f.meter(), f));
    return feeders;
  }

  /** The meter that is this to another one. */
  Optional<MeterId> of(MeterId meter, Companions.Kind kind) {
    return companions.getOrDefault(meter, List.of()).stream()
        .filter(c -> c.kind() == kind)
        .map(Companions.Companion::other)
        .findFirst();
  }

  /** By whose rules a meter is validated. */
  String classOf(MeterId meter, String usual) {
    return feeders.containsKey(meter) ? FEEDER_CLASS : usual;
  }
}
