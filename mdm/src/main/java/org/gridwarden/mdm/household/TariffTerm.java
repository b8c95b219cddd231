package org.gridwarden.mdm.household;

import java.time.LocalDate;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billrun.Tariffs;

/**
 * Days on which one version of a tariff holds.
 *
 * @param to the day after the last
 */
record TariffTerm(LocalDate from, LocalDate to, Tariffs.Version version, Tariff tariff) {}
