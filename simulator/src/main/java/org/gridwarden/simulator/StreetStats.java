package org.gridwarden.simulator;

/**
 * How a street is doing.
 *
 * @param online meters whose last push was confirmed and who wait for nothing
 * @param sent pushes sent for the first time
 * @param retried pushes sent again, the same bytes
 * @param confirmed pushes confirmed
 * @param refused confirmations that were not authentic
 * @param waiting pushes sent or due that have no confirmation yet
 * @param readings values and slots in confirmed pushes
 * @param p50Millis half of the confirmations took no longer than this, from the first sending on
 * @param p95Millis nor 95 % of them than this
 * @param p99Millis nor 99 % of them than this
 */
public record StreetStats(
    int online,
    long sent,
    long retried,
    long confirmed,
    long refused,
    int waiting,
    long readings,
    double p50Millis,
    double p95Millis,
    double p99Millis) {
  /** Of two streets together; their times hold for each. */
  public StreetStats and(StreetStats other) {
    return new StreetStats(
        online + other.online,
        sent + other.sent,
        retried + other.retried,
        confirmed + other.confirmed,
        refused + other.refused,
        waiting + other.waiting,
        readings + other.readings,
        Math.max(p50Millis, other.p50Millis),
        Math.max(p95Millis, other.p95Millis),
        Math.max(p99Millis, other.p99Millis));
  }
}
