package org.gridwarden.mdm.outlet;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.gridwarden.core.Reading;

/**
 * Whether an appliance is in use: takes more than it does when it stands by.
 *
 * @param now whether it is
 * @param since from which reading on; of the first reading looked at where it was no other way
 *     before
 * @param longer whether it was so before that, too
 */
public record InUse(boolean now, Instant since, boolean longer) {
  /**
   * By readings of its power.
   *
   * @param readings the oldest first
   * @param standby up to so many watts it is not in use
   * @return empty where there are none
   */
  public static Optional<InUse> of(Iterator<Reading> readings, BigDecimal standby) {
    InUse last = null;
    while (readings.hasNext()) {
      Reading reading = readings.next();
      boolean now = reading.value().decimal().compareTo(standby) > 0;
      if (last == null || last.now != now) {
        last = new InUse(now, reading.at(), last == null);
      }
    }
    return Optional.ofNullable(last);
  }
}
