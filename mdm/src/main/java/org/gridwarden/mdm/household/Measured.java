package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.store.Holds;

/**
 * What was measured at a service point in some days, slot by slot, with what is known of each.
 *
 * @param point whose
 * @param load from a civil midnight to another; {@link Load#MISSING} where nothing is known
 * @param estimated slots that the meter did not tell
 * @param held spans that a tamper case holds back from billing
 */
record Measured(OwnPoint point, Load load, BitSet estimated, List<Holds.Span> held) {
  Measured {
    held = List.copyOf(held);
  }

  /** The slot that begins with a day, or the last one's end. */
  int index(LocalDate day) {
    long off = point.start(day).getEpochSecond() - load.start().getEpochSecond();
    return Math.clamp(off / load.seconds(), 0, load.values().length);
  }

  /** Whether a slot's value is known. */
  boolean known(int slot) {
    return load.values()[slot] != Load.MISSING;
  }

  /** Whether a slot could be known by now: it is over, and it is theirs. */
  boolean due(int slot, Instant now) {
    return !load.startOf(slot).isBefore(point.since()) && !load.startOf(slot + 1).isAfter(now);
  }

  /**
   * The first day of which a slot is known, from one day on; the day behind the last where none.
   */
  LocalDate firstKnown(LocalDate from) {
    for (int i = index(from); i < load.values().length; i++) {
      if (known(i)) {
        return LocalDate.ofInstant(load.startOf(i), point.zone());
      }
    }
    return LocalDate.ofInstant(load.end(), point.zone());
  }

  /**
   * What days used, without their cost.
   *
   * @param to the day after the last
   */
  Used used(LocalDate from, LocalDate to, Instant now) {
    long taken = 0;
    long fedIn = 0;
    int slots = 0;
    int due = 0;
    int missing = 0;
    int guessed = 0;
    for (int i = index(from); i < index(to); i++) {
      slots++;
      if (due(i, now)) {
        due++;
        missing += known(i) ? 0 : 1;
      }
      if (known(i)) {
        long value = load.values()[i];
        taken = Math.addExact(taken, Math.max(0, value));
        fedIn = Math.addExact(fedIn, Math.max(0, -value));
        guessed += estimated.get(i) ? 1 : 0;
      }
    }
    Instant begin = point.start(from);
    Instant end = point.start(to);
    return new Used(
        energy(taken),
        energy(fedIn),
        Optional.empty(),
        slots,
        due,
        missing,
        guessed,
        held.stream().anyMatch(h -> h.meets(begin, end)));
  }

  /** A sum of values in kWh. */
  BigDecimal energy(long sum) {
    return BigDecimal.valueOf(sum, load.scale());
  }

  /** The load with nothing where nothing is known: what is known of it, for its cost so far. */
  Load knownOnly() {
    long[] values = load.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] == Load.MISSING ? 0 : values[i];
    }
    return with(values);
  }

  /** The same grid with other values. */
  Load with(long[] values) {
    return new Load(load.meter(), load.start(), load.seconds(), values, load.scale(), load.power());
  }
}
