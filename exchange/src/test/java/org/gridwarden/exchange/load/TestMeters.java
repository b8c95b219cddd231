package org.gridwarden.exchange.load;

import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;

/** Meters that are known to tests, all of them in one zone. */
record TestMeters(ZoneId zone, Set<String> ids) implements MeterNames {
  static TestMeters in(String zone, String... ids) {
    return new TestMeters(ZoneId.of(zone), Set.of(ids));
  }

  @Override
  public Optional<Meter> find(String name) {
    return ids.contains(name)
        ? Optional.of(
            new Meter(
                new MeterId(name),
                name,
                new byte[0],
                "street",
                zone,
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED))
        : Optional.empty();
  }
}
