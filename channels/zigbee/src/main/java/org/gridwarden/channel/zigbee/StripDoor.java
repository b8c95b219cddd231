package org.gridwarden.channel.zigbee;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.security.command.TrustFolder;

/**
 * The way to a network's power strips. Whose orders switch them a person says, by the public keys
 * in {@code operators/} of the coordinator's folder. Thread-safe.
 */
final class StripDoor {
  private final StripSetup setup;
  private final Talks talks;
  private final StripOrders orders;
  private final TrustFolder operators;
  private final InstantSource clock;

  StripDoor(StripSetup setup, Talks talks, StripOrders orders, Path folder, InstantSource clock) {
    this.setup = setup;
    this.talks = talks;
    this.orders = orders;
    this.operators = new TrustFolder(folder.resolve("operators"));
    this.clock = clock;
  }

  /** Whether a meter is a power strip that is inside, and set up. */
  boolean reaches(MeterId meter) {
    return setup.reached(meter).isPresent();
  }

  /** A session with a power strip; empty where the meter is none, or is not inside. */
  Optional<MeterSession> open(MeterId meter) {
    return setup
        .reached(meter)
        .map(known ->
            new StripSession(
                meter,
                setup.strips().outlets(known.eui64()),
                operators,
                orders,
                setup.radio(known, talks),
                clock));
  }
}
