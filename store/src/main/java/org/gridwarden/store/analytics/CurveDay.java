package org.gridwarden.store.analytics;

import java.time.LocalDate;

/**
 * A meter's day as analytics get it: energy taken from the grid, slot by slot, and what groups it
 * belongs to. Holds its arrays without copying.
 *
 * @param subject whose household or meter, by an inner number: to be replaced by a pseudonym before
 *     anybody computes with it
 * @param meter which of the subject's meters, an inner number
 * @param day by the meter's zone
 * @param channel the OBIS code, such as 1.0.1.29.0.255
 * @param intervalSeconds a slot's length, 60 to 3600
 * @param scaler the exponent of ten that each value carries
 * @param slots Wh by scaler, one a slot, each the version that counts
 * @param known whether a slot's value is known; what stands beside a false means nothing
 * @param zone the meter's time zone
 * @param feeder empty where it is not known
 * @param tariff empty where nobody is supplied there
 * @param area the first two digits of the postal code; empty where it is not known
 */
@SuppressWarnings("ArrayRecordComponent") // stated above: read once, by one
public record CurveDay(
    String subject,
    int meter,
    LocalDate day,
    String channel,
    int intervalSeconds,
    int scaler,
    long[] slots,
    boolean[] known,
    String zone,
    String feeder,
    String tariff,
    String area) {}
