package org.gridwarden.exchange.greenbutton;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a feed holds, and what is wrong with it.
 *
 * @param entries how many
 * @param findings the first ones, those of the schema before those of the meaning
 * @param untold how many more there are
 * @param resources how many of each
 * @param local the local time, in words; empty where the feed says none
 * @param series its series of readings
 */
public record FeedReport(
    int entries,
    List<Finding> findings,
    int untold,
    Map<String, Integer> resources,
    String local,
    List<Series> series) {
  public FeedReport {
    findings = List.copyOf(findings);
    series = List.copyOf(series);
  }

  /**
   * One series of readings.
   *
   * @param usagePoint its title, or its name where it has none
   * @param title the MeterReading's, likewise
   * @param flow delivered, received ...; empty where that is not said
   * @param unit of the sum
   * @param seconds an interval's length; 0 where that is not said
   * @param from when the first reading begins; the epoch where there is none
   * @param to when the last ends
   * @param readings how many
   * @param missing how many intervals are not there between the first and the last
   * @param sum of all values, in the unit
   */
  public record Series(
      String usagePoint,
      String title,
      String flow,
      String unit,
      long seconds,
      Instant from,
      Instant to,
      long readings,
      long missing,
      BigDecimal sum) {}

  /** How many errors are among the findings. */
  public long errors() {
    return findings.stream().filter(f -> f.severity() == Finding.Severity.ERROR).count();
  }
}
