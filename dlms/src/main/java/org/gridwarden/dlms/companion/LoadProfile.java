package org.gridwarden.dlms.companion;

import java.time.Duration;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.BufferReader.Column;

/**
 * A profile that a meter fills by itself (IEC 62056-6-2, class 7).
 *
 * @param object its logical name
 * @param about one line for a person
 * @param period between two captures; a month counts as 31 days
 * @param kept how far back the buffer reaches
 * @param columns its capture objects, the clock first
 * @param asks whether the columns, the period and the scalers differ from meter to meter, so that
 *     they are read from each
 */
public record LoadProfile(
    ObisCode object,
    String about,
    Duration period,
    Duration kept,
    List<Column> columns,
    boolean asks) {
  public LoadProfile {
    columns = List.copyOf(columns);
  }

  /** Whether its rows are intervals of a day; else they are registers at a day's or month's end. */
  public boolean isInterval() {
    return period.compareTo(Duration.ofDays(1)) < 0;
  }
}
