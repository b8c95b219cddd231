package org.gridwarden.channel.zigbee;

import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;

/** The way to a network's power strips, by the dongle's gate. Thread-safe. */
record StripDoor(StripSetup setup, Talks talks, DongleGate gate) {
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
                meter, setup.strips().outlets(known.eui64()), gate, setup.radio(known, talks)));
  }
}
