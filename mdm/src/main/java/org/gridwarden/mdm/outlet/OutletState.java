package org.gridwarden.mdm.outlet;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.gridwarden.store.Outlet;

/**
 * How an outlet stands.
 *
 * @param outlet what people said of it
 * @param on whether it is switched on, as it told last
 * @param watts the power taken, as it told last
 * @param told when it told that
 * @param use whether it is in use; empty where it has not told lately
 * @param today the energy taken since the civil day began, in watt-hours
 * @param wholeDay whether that is from the day's beginning on, and not only from its first report
 * @param register what its register stands at, in watt-hours
 */
public record OutletState(
    Outlet outlet,
    Optional<Boolean> on,
    Optional<BigDecimal> watts,
    Optional<Instant> told,
    Optional<InUse> use,
    Optional<BigDecimal> today,
    boolean wholeDay,
    Optional<BigDecimal> register) {}
