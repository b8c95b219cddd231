package org.gridwarden.store;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * How much households that are alike used in a month. The database adds up and ranks: no single
 * household's figure leaves it. Alike are those that one tariff supplied all month in one time
 * zone. Thread-safe.
 */
public final class SimilarHouseholds {
  /** Of larger groups so many are looked at, the same ones each time. */
  private static final int MOST = 500;

  /** A household counts that was measured without a gap on so many days. */
  private static final int LEAST_DAYS = 20;

  private static final String QUARTILES =
      """
      WITH member AS (
        SELECT g.service_point FROM agreement g
        WHERE g.tariff = ? AND g.since <= ? AND (g.until IS NULL OR g.until >= ?)
        ORDER BY hashtextextended(g.service_point, 34) LIMIT %d),
      day AS (
        SELECT DISTINCT ON (p.service_point, b.day) p.service_point,
          (SELECT sum(v) FROM unnest(coalesce(b.wide, b."values"::bigint[])) v)
            * (10::numeric ^ (c.scaler - 3)) AS kwh
        FROM member p
        JOIN service_point_term t ON t.service_point = p.service_point AND t.since <= ?
          AND (t.until IS NULL OR t.until >= ?)
        JOIN meter m ON m.id = t.meter AND m.zone = ?
        JOIN interval_block b ON b.meter = m.id AND b.layer = 0 AND b.day >= ? AND b.day < ?
          AND (b.quality IS NULL OR position('\\x80'::bytea IN b.quality) = 0)
        JOIN channel c ON c.id = b.channel AND c.symbol = 'Wh' AND c.interval_s >= 60
          AND c.obis >> 40 = 1 AND (c.obis >> 24) & 255 = 1 AND (c.obis >> 8) & 255 = 0
        ORDER BY p.service_point, b.day, ((c.obis >> 16) & 255 = 29) DESC, c.id),
      household AS (
        SELECT avg(kwh) AS kwh FROM day GROUP BY service_point HAVING count(*) >= %d)
      SELECT count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY kwh::float8)
      FROM household\
      """
          .formatted(MOST, LEAST_DAYS);

  private final Transactions transactions;

  SimilarHouseholds(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * What the households of a group used a day, in the mean of a month's whole days.
   *
   * @param count how many households there are
   * @param lower a quarter of them used less, in kWh
   * @param median half of them did
   * @param upper three quarters did
   */
  public record Quartiles(int count, BigDecimal lower, BigDecimal median, BigDecimal upper) {}

  /**
   * A group's month; empty where fewer households were measured than asked for.
   *
   * @param tariff by which they are supplied
   * @param zone of their meters
   * @param least the smallest group that is told
   */
  public Optional<Quartiles> of(String tariff, ZoneId zone, YearMonth month, int least) {
    var from = month.atDay(1).atStartOfDay(zone).toInstant().atOffset(ZoneOffset.UTC);
    var to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant().atOffset(ZoneOffset.UTC);
    return transactions.run(
        "comparing households",
        c -> {
          try (PreparedStatement s = c.prepareStatement(QUARTILES)) {
            s.setString(1, tariff);
            s.setObject(2, from);
            s.setObject(3, to);
            s.setObject(4, from);
            s.setObject(5, to);
            s.setString(6, zone.getId());
            s.setObject(7, month.atDay(1));
            s.setObject(8, month.plusMonths(1).atDay(1));
            try (ResultSet r = s.executeQuery()) {
              r.next();
              int count = r.getInt(1);
              if (count < Math.max(1, least)) {
                return Optional.empty();
              }
              Array ranked = r.getArray(2);
              Double[] quartiles = (Double[]) ranked.getArray();
              return Optional.of(
                  new Quartiles(
                      count,
                      BigDecimal.valueOf(quartiles[0]),
                      BigDecimal.valueOf(quartiles[1]),
                      BigDecimal.valueOf(quartiles[2])));
            }
          }
        });
  }
}
