package org.gridwarden.exchange.greenbutton;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.gridwarden.exchange.xml.Element;

/**
 * What an entry of a feed holds, as ESPI 4.0 has it; times in seconds since 1970, UTC. Immutable.
 */
public sealed interface Resource {
  /** A time span of {@code seconds} from {@code start} on. */
  record Period(long start, long seconds) {
    /** The second after the last. */
    public long end() {
      return start + seconds;
    }
  }

  /**
   * Where a service is delivered.
   *
   * @param service 0 electricity, 1 gas, 2 water ...
   */
  record UsagePoint(OptionalInt service) implements Resource {}

  /** One series of readings; what they are stands in its {@link ReadingType}. */
  record MeterReading() implements Resource {}

  /**
   * What readings are: codes of the schema.
   *
   * @param accumulation 4 is a difference over an interval, 1 a register
   * @param flow 1 delivered to the consumer, 19 received from them
   * @param interval seconds
   * @param kind 12 energy, 37 power, 8 demand
   * @param multiplier value * 10^multiplier
   * @param uom 72 Wh, 73 varh, 71 VAh, 38 W
   */
  record ReadingType(
      OptionalInt accumulation,
      OptionalInt commodity,
      OptionalInt currency,
      OptionalInt defaultQuality,
      OptionalInt flow,
      OptionalLong interval,
      OptionalInt kind,
      OptionalInt multiplier,
      OptionalInt uom)
      implements Resource {}

  /** Readings that follow one another. */
  record IntervalBlock(Optional<Period> interval, List<IntervalReading> readings)
      implements Resource {
    public IntervalBlock {
      readings = List.copyOf(readings);
    }
  }

  /**
   * One reading.
   *
   * @param qualities codes of QualityOfReading
   * @param cost in hundred-thousandths of the currency's unit
   * @param line where it begins
   */
  record IntervalReading(
      Optional<Period> period,
      OptionalLong value,
      List<Integer> qualities,
      OptionalLong cost,
      int line) {
    public IntervalReading {
      qualities = List.copyOf(qualities);
    }
  }

  /**
   * Which local time a usage point has.
   *
   * @param offset seconds east of UTC in winter
   * @param shift what summer adds, seconds
   */
  record LocalTime(long offset, long shift, DstRule begins, DstRule ends) implements Resource {}

  /** A bill's figures, under its present name or its former one (ElectricPowerUsageSummary). */
  record UsageSummary(
      Optional<Period> billingPeriod,
      OptionalLong at,
      OptionalInt currency,
      Optional<Measurement> consumption)
      implements Resource {}

  /** A value with its unit. */
  record Measurement(OptionalInt multiplier, OptionalInt uom, OptionalLong value) {}

  /**
   * How good the power was.
   *
   * @param values by their names in the schema
   */
  record QualitySummary(Period over, java.util.Map<String, Long> values) implements Resource {
    public QualitySummary {
      values = java.util.Map.copyOf(values);
    }
  }

  /** What is kept and passed on, and not looked into. */
  record Other(Element element) implements Resource {}
}
