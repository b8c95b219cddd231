package org.gridwarden.exchange.load;

import java.util.Optional;
import org.gridwarden.core.Meter;

/** Which meter a file means by a name. */
@FunctionalInterface
public interface MeterNames {
  /** The meter of a name, a serial or a service point; empty where none is known, or several. */
  Optional<Meter> find(String name);
}
