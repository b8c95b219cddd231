package org.gridwarden.mdm.billrun;

import java.time.Instant;
import java.util.Optional;

/**
 * That an account is supplied at a service point by a tariff.
 *
 * @param id its number; they are gone through by it
 * @param account whose
 * @param servicePoint where
 * @param tariff by which, its id
 * @param since inclusive
 * @param until exclusive; empty while it goes on
 */
public record Supply(
    long id,
    String account,
    String servicePoint,
    String tariff,
    Instant since,
    Optional<Instant> until) {}
