package org.gridwarden.store;

import java.time.Instant;
import java.util.Optional;

/**
 * That an account is supplied at a service point by a tariff. At any instant a service point has
 * one at most; a change of tariff ends one and begins the next.
 *
 * @param id its number
 * @param account whose
 * @param servicePoint where, as shipments name it
 * @param tariff by which tariff, by its name
 * @param since inclusive
 * @param until exclusive; empty while it goes on
 */
public record Agreement(
    long id,
    String account,
    String servicePoint,
    String tariff,
    Instant since,
    Optional<Instant> until) {
  /** Whether it is in force at an instant. */
  public boolean covers(Instant at) {
    return !at.isBefore(since) && until.map(at::isBefore).orElse(true);
  }
}
