package org.gridwarden.store;

import java.time.Duration;
import java.time.Instant;
import org.gridwarden.core.MeterId;

/**
 * How a meter's clock was.
 *
 * @param meter which meter
 * @param read when it was read
 * @param off how far it was off, positive where it was fast
 * @param corrected whether it was corrected then
 */
public record CollectionClock(MeterId meter, Instant read, Duration off, boolean corrected) {}
