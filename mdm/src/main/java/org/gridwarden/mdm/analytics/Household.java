package org.gridwarden.mdm.analytics;

import java.util.Map;
import org.gridwarden.security.pseudonym.Pseudonym;

/**
 * A household's month, without its name. Powers are means in W over an hour by its own clock;
 * statistics, hence floating. Holds its arrays without copying.
 *
 * @param id what it is called here
 * @param groups which group of each dimension it belongs to
 * @param workday 24 means, Monday to Friday
 * @param weekend 24 means, Saturday and Sunday
 * @param dailyKwh what it takes in a day, the mean
 * @param baseW the least hour of a day, the mean over days
 * @param peakW the highest hour of a day, the mean over days
 */
@SuppressWarnings("ArrayRecordComponent") // stated above
record Household(
    Pseudonym id,
    Map<Dimension, String> groups,
    double[] workday,
    double[] weekend,
    double dailyKwh,
    double baseW,
    double peakW) {
  static final int HOURS = 24;

  String group(Dimension by) {
    return by == Dimension.ALL ? "" : groups.getOrDefault(by, "");
  }
}
