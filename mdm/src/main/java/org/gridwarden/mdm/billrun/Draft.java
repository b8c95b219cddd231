package org.gridwarden.mdm.billrun;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.MeterId;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.MeterTime;

/**
 * A bill that is reckoned and not issued.
 *
 * @param from its first civil day
 * @param to the day after its last
 * @param prepaid how far the customer may go who pays beforehand, by the last tariff
 * @param days the readings, by meter
 */
record Draft(
    String account,
    String servicePoint,
    ZoneId zone,
    LocalDate from,
    LocalDate to,
    Currency currency,
    Optional<Tariff.Prepayment> prepaid,
    List<BillPart> parts,
    List<MeterTime> times,
    Map<MeterId, List<StoredDays.ChannelDay>> days) {
  BigDecimal total() {
    return parts.stream().map(BillPart::total).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
