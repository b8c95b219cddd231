package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * A time for which a meter was mounted at a service point.
 *
 * @param meter which
 * @param servicePoint where
 * @param since inclusive
 * @param until exclusive; empty while it is there
 */
public record MeterTerm(
    MeterId meter, String servicePoint, Instant since, Optional<Instant> until) {}
