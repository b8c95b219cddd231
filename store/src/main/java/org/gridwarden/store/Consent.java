package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A consumer's word that a third party sees readings of a service point.
 *
 * @param id the subscription's number
 * @param user whose word
 * @param thirdParty to whom
 * @param servicePoint of which
 * @param scope what, in ESPI's words
 * @param until exclusive
 * @param withdrawn when it was taken back; empty where it was not
 * @param lastUsed when the third party last asked
 * @param uses how often
 */
public record Consent(
    UUID id,
    String user,
    String thirdParty,
    String servicePoint,
    String scope,
    Instant given,
    Instant until,
    Optional<Instant> withdrawn,
    Optional<Instant> lastUsed,
    long uses) {}
