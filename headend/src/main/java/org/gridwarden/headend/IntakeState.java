package org.gridwarden.headend;

import org.gridwarden.core.Health;

/**
 * How intake stands at this moment.
 *
 * @param queued messages in hand, committing ones included
 * @param queuedBytes how much memory they take, by estimate
 * @param blocked sessions that wait for room
 * @param perSecond messages made durable a second, over the last ten seconds
 * @param oldestMillis how long the oldest message has been in hand
 * @param health and in one word
 */
public record IntakeState(
    int queued,
    long queuedBytes,
    int blocked,
    double perSecond,
    long oldestMillis,
    Health health) {}
