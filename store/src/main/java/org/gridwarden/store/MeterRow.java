package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Meter;

/**
 * A meter as lists show it.
 *
 * @param meter what is known of it
 * @param servicePoint where it is mounted; empty where that is not known
 * @param lastContact when a message of it was last stored
 * @param lastChannel which way that came
 */
public record MeterRow(
    Meter meter,
    String servicePoint,
    Optional<Instant> lastContact,
    Optional<ChannelId> lastChannel) {}
