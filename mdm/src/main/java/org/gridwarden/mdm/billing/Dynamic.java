package org.gridwarden.mdm.billing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Energy at the price of its interval, beside what its period costs. Immutable.
 *
 * @param curve the market's prices
 * @param times what a price is multiplied by
 * @param plus what is added then, for each kWh
 * @param sellTimes the same for what is fed in; null where it is not paid so
 * @param sellPlus what is added then, for each kWh that is fed in; zero or below where it is a fee
 */
public record Dynamic(
    PriceCurve curve,
    BigDecimal times,
    BigDecimal plus,
    @Nullable BigDecimal sellTimes,
    BigDecimal sellPlus) {}
