package org.gridwarden.exchange.load;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.Day;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Quality;
import org.gridwarden.exchange.Measure;

/** Makes a series of points, or says what is wrong with them. */
final class SeriesMaker {
  private static final long HOUR = 3600;

  private final MeterNames names;
  private final Instant now;
  private final Problems problems;

  SeriesMaker(MeterNames names, Instant now, Problems problems) {
    this.names = names;
    this.now = now;
    this.problems = problems;
  }

  /**
   * What is known of points besides themselves.
   *
   * @param meter what the file calls it
   * @param exponent value = point * 10^exponent of the measure's unit, or of kW where power
   * @param power whether values are the average power of their interval, in units of energy an hour
   * @param seconds an interval's length; 0: told by the points themselves
   */
  record Known(String meter, Measure measure, int exponent, boolean power, long seconds) {}

  /** A series; empty where something is wrong, which is told. */
  Optional<Series> make(Known known, Points points) {
    points.sort();
    Optional<Meter> meter = names.find(known.meter());
    if (meter.isEmpty()) {
      problems.add(
          points.line(0),
          "speaks of meter '"
              + org.gridwarden.mdm.loadfile.LoadCsv.shown(known.meter())
              + "', which is not known: import a shipment that names it, or say whose it is with"
              + " --meter");
      return Optional.empty();
    }
    long seconds = known.seconds() > 0 ? known.seconds() : points.step();
    if (seconds <= 0 || seconds > 86_400) {
      problems.add(
          points.line(0),
          points.size() == 1
              ? "is meter "
                  + known.meter()
                  + "'s only one: say how long its interval is with --interval"
              : "and another of meter " + known.meter() + " start at the same time");
      return Optional.empty();
    }
    Points scaled = points;
    int exponent = known.exponent();
    if (known.power()) {
      try {
        scaled = energy(points, seconds);
      } catch (ArithmeticException e) {
        problems.add(points.line(0), "and others have more kW than any meter: is the unit right?");
        return Optional.empty();
      }
      exponent -= 3;
    }
    return onGrid(known, meter.get(), scaled, (int) seconds)
        ? Optional.of(reduced(known, meter.get(), scaled, (int) seconds, exponent))
        : Optional.empty();
  }

  /** Of average power energy, in thousandths of its unit: rounded to the even one there. */
  private static Points energy(Points power, long seconds) {
    Points energy = new Points();
    for (int i = 0; i < power.size(); i++) {
      java.math.BigInteger exact =
          java.math.BigInteger.valueOf(power.value(i))
              .multiply(java.math.BigInteger.valueOf(1000 * seconds));
      long value =
          new java.math.BigDecimal(exact)
              .divide(java.math.BigDecimal.valueOf(HOUR), 0, java.math.RoundingMode.HALF_EVEN)
              .longValueExact();
      energy.add(power.start(i), value, (byte) (power.quality(i) | Quality.DERIVED), power.line(i));
    }
    return energy;
  }

  private boolean onGrid(Known known, Meter meter, Points points, int seconds) {
    Duration slot = Duration.ofSeconds(seconds);
    boolean fine = true;
    Day day = null;
    for (int i = 0; i < points.size(); i++) {
      Instant start = Instant.ofEpochSecond(points.start(i));
      if (i > 0 && points.start(i) == points.start(i - 1)) {
        problems.add(
            points.line(i),
            "is the second one for meter "
                + known.meter()
                + " at "
                + start
                + " (line "
                + points.line(i - 1)
                + "): leave one of them out");
        fine = false;
        continue;
      }
      if (start.plus(slot).isAfter(now.plusSeconds(300))) {
        problems.add(
            points.line(i), "ends in the future, at " + start.plus(slot) + ": is its zone right?");
        return false;
      }
      try {
        if (day == null || day.indexOf(start) < 0) {
          day = Day.containing(start, meter.zone(), slot);
        }
      } catch (DateTimeException | IllegalArgumentException e) {
        problems.add(
            points.line(i),
            "is an interval of "
                + seconds
                + " s, which does not cut "
                + start.atZone(meter.zone()).toLocalDate()
                + " evenly in "
                + meter.zone());
        return false;
      }
      if (day.indexOf(start) < 0) {
        problems.add(
            points.line(i),
            "starts at "
                + start
                + ", which is not on meter "
                + known.meter()
                + "'s grid of "
                + seconds
                + " s from its midnight on");
        fine = false;
      }
    }
    return fine;
  }

  /** With the largest scaler up to zero that holds all values exactly. */
  private static Series reduced(
      Known known, Meter meter, Points points, int seconds, int exponent) {
    int scaler = exponent;
    long factor = 1;
    while (scaler < 0 && divides(points, factor * 10)) {
      factor *= 10;
      scaler++;
    }
    Points its = points;
    if (factor > 1) {
      its = new Points();
      for (int i = 0; i < points.size(); i++) {
        its.add(points.start(i), points.value(i) / factor, points.quality(i), points.line(i));
      }
    }
    return new Series(meter, known.measure(), seconds, scaler, known.power(), its);
  }

  private static boolean divides(Points points, long factor) {
    for (int i = 0; i < points.size(); i++) {
      if (points.value(i) % factor != 0) {
        return false;
      }
    }
    return true;
  }
}
