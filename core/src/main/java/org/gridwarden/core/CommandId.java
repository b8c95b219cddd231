package org.gridwarden.core;

import java.util.UUID;

/**
 * A command's identity.
 *
 * @param value a UUID version 7 (RFC 9562, clause 5.7), so that ids sort by the time they were made
 */
public record CommandId(UUID value) {}
