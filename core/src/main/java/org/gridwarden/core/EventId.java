package org.gridwarden.core;

import java.util.UUID;

/**
 * An event's identity.
 *
 * @param value a UUID version 7 (RFC 9562, clause 5.7)
 */
public record EventId(UUID value) {}
