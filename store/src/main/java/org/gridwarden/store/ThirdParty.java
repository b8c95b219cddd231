package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody whom consumers may let see their readings.
 *
 * @param id its number
 * @param name by which consumers know it
 * @param contact how the office reaches it
 * @param clientId what it calls itself; no secret
 * @param revoked since when it sees nothing any more
 */
public record ThirdParty(
    long id,
    String name,
    String contact,
    String clientId,
    Instant registered,
    String registeredBy,
    Optional<Instant> revoked,
    String revokedBy) {}
