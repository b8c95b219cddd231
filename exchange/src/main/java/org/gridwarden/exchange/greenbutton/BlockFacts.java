package org.gridwarden.exchange.greenbutton;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.gridwarden.exchange.greenbutton.Resource.IntervalBlock;
import org.gridwarden.exchange.greenbutton.Resource.IntervalReading;
import org.gridwarden.exchange.greenbutton.Resource.Period;

/**
 * What is remembered of a block when its readings are gone.
 *
 * @param line where its entry begins
 * @param up the collection that it says it stands in
 * @param self its own name
 * @param start of its first reading; {@link Long#MAX_VALUE} where it has none
 * @param end of its last
 * @param length of its readings, where all have the same; -1 where not
 * @param covered seconds that its readings last, all together
 */
record BlockFacts(
    int line,
    String up,
    String self,
    long start,
    long end,
    long length,
    long covered,
    long readings,
    BigInteger sum) {
  /** Looks a block through. */
  static BlockFacts of(Entry entry, IntervalBlock block, FindingList findings) {
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    long length = 0;
    long covered = 0;
    BigInteger sum = BigInteger.ZERO;
    List<IntervalReading> timed = new ArrayList<>(block.readings().size());
    for (IntervalReading reading : block.readings()) {
      Optional<Period> period = reading.period();
      if (period.isEmpty()) {
        findings.add(
            Finding.error(
                reading.line(),
                "reading",
                "a reading has no timePeriod",
                "say when it began and how long it lasted"));
        continue;
      }
      if (reading.value().isEmpty()) {
        findings.add(
            Finding.warning(
                reading.line(),
                "reading",
                "a reading has no value",
                "leave the reading out where nothing is known"));
      }
      Period its = period.get();
      if (its.seconds() == 0) {
        findings.add(
            Finding.error(
                reading.line(), "reading", "a reading lasts 0 s", "write the interval's length"));
      }
      start = Math.min(start, its.start());
      end = Math.max(end, its.end());
      length = length == 0 || length == its.seconds() ? its.seconds() : -1;
      covered += its.seconds();
      sum = sum.add(BigInteger.valueOf(reading.value().orElse(0)));
      timed.add(reading);
    }
    overlaps(timed, findings);
    block.interval().ifPresent(over -> outside(entry, over, timed, findings));
    return new BlockFacts(
        entry.line(), entry.up(), entry.self(), start, end, length, covered, timed.size(), sum);
  }

  private static Period period(IntervalReading reading) {
    return reading.period().orElseThrow();
  }

  private static void overlaps(List<IntervalReading> readings, FindingList findings) {
    boolean sorted = true;
    for (int i = 1; i < readings.size(); i++) {
      sorted &= period(readings.get(i)).start() >= period(readings.get(i - 1)).start();
    }
    if (!sorted) {
      findings.add(
          Finding.warning(
              readings.getFirst().line(),
              "block",
              "its readings do not stand in order of time",
              "write the oldest first"));
      readings.sort(Comparator.comparingLong(r -> period(r).start()));
    }
    for (int i = 1; i < readings.size(); i++) {
      Period before = period(readings.get(i - 1));
      Period now = period(readings.get(i));
      if (now.start() < before.end()) {
        findings.add(
            Finding.error(
                readings.get(i).line(),
                "reading",
                "the reading of "
                    + java.time.Instant.ofEpochSecond(now.start())
                    + (now.start() == before.start()
                        ? " is there twice"
                        : " begins before the one of line "
                            + readings.get(i - 1).line()
                            + " has ended"),
                "leave one of them out: what overlaps is counted twice"));
      }
    }
  }

  private static void outside(
      Entry entry, Period over, List<IntervalReading> readings, FindingList findings) {
    for (IntervalReading reading : readings) {
      Period its = period(reading);
      if (its.start() < over.start() || its.end() > over.end()) {
        findings.add(
            Finding.error(
                reading.line(),
                "reading",
                "the reading of "
                    + java.time.Instant.ofEpochSecond(its.start())
                    + " lies outside its block's interval",
                "correct the interval of the block that begins at line " + entry.line()));
        return;
      }
    }
  }
}
