package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.store.SimilarHouseholds;

/**
 * A household beside those that are alike: the same tariff in the same time zone. Only a median and
 * quartiles are told, in whole kWh, and nothing at all of a small group (C32). Thread-safe.
 *
 * <p>A group's month is asked of the database once a day at most.
 */
public final class Comparison {
  /** Of fewer households nothing is told. */
  public static final int LEAST = 10;

  private static final int KEPT = 256;

  private final SimilarHouseholds households;
  private final Map<Group, Optional<SimilarHouseholds.Quartiles>> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Group, Optional<SimilarHouseholds.Quartiles>> eldest) {
          return size() > KEPT;
        }
      };

  Comparison(SimilarHouseholds households) {
    this.households = households;
  }

  private record Group(String tariff, ZoneId zone, YearMonth month, long day) {}

  /**
   * A month of similar households, in kWh.
   *
   * @param month which
   * @param households how many there are at least: in tens, so that nobody can tell who came or
   *     went
   * @param own the asker's own; empty where too little of it is known
   * @param lower a quarter of them used less
   * @param median half of them did
   * @param upper three quarters did
   */
  public record Result(
      YearMonth month,
      int households,
      Optional<BigDecimal> own,
      BigDecimal lower,
      BigDecimal median,
      BigDecimal upper) {}

  /**
   * Compares; empty where the group is too small.
   *
   * @param day which day it is, as a number: what was asked on another one is asked anew
   */
  synchronized Optional<Result> of(
      String tariff, ZoneId zone, YearMonth month, long day, Optional<BigDecimal> ownDaily) {
    return known
        .computeIfAbsent(
            new Group(tariff, zone, month, day), g -> households.of(tariff, zone, month, LEAST))
        .map(q -> told(month, q, ownDaily));
  }

  /** What may be told of a group. */
  static Result told(
      YearMonth month, SimilarHouseholds.Quartiles q, Optional<BigDecimal> ownDaily) {
    return new Result(
        month,
        q.count() / 10 * 10,
        ownDaily.map(own -> month(own, month)),
        month(q.lower(), month),
        month(q.median(), month),
        month(q.upper(), month));
  }

  private static BigDecimal month(BigDecimal daily, YearMonth month) {
    return daily
        .multiply(BigDecimal.valueOf(month.lengthOfMonth()))
        .setScale(0, RoundingMode.HALF_UP);
  }
}
