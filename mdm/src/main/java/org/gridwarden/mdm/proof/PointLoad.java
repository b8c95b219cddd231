package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.mdm.billing.Load;

/**
 * What flowed at a service point, from the days of the meters that stood there: energy taken less
 * energy fed in, slot by slot, over meter exchanges. Where meters measure in different intervals
 * the longest one counts. In the slot in which a meter is exchanged both say their part. A slot is
 * known where one that lies wholly in a meter's time there is known; a time without a meter that is
 * shorter than a slot is none in which something flowed.
 *
 * <p>Where it is a virtual meter's, it is the sum of its meters' energy, each times its factor, and
 * a slot is known where all of them are.
 */
public final class PointLoad {
  private static final String ENERGY = "Wh";
  private static final int KILO = 3;
  private static final int MOST_SLOTS = 1_500_000;

  private final Instant from;
  private final int step;
  private final int scale;
  private final long[] sums;
  private final boolean[] known;
  private final boolean[] lacking;
  private final String[] meters;
  private final int[] parts; // of a virtual meter: how many seconds are known of each slot

  private PointLoad(Instant from, int step, int scale, int slots, boolean virtual) {
    this.from = from;
    this.step = step;
    this.scale = scale;
    sums = new long[slots];
    known = new boolean[slots];
    lacking = new boolean[slots];
    meters = new String[slots];
    parts = new int[virtual ? slots : 0];
  }

  /**
   * A load, and where nothing is known.
   *
   * @param gaps starts of slots without a value, in order; the load has {@link Load#MISSING} there
   * @param gapMeters whose they are; "" where no meter stood there
   */
  public record Merged(Load load, List<Instant> gaps, List<String> gapMeters) {}

  /** Days that do not make one load; the message says where. */
  public static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  /** Whether a channel is energy that a bill is about: taken from the grid, or fed into it. */
  public static boolean bills(ObisCode channel) {
    return channel.a() == 1 && (channel.c() == 1 || channel.c() == 2) && channel.e() == 0;
  }

  private static boolean fedIn(String channel) throws UnfitException {
    try {
      ObisCode code = ObisCode.parse(channel);
      if (bills(code)) {
        return code.c() == 2;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new UnfitException("channel " + channel + " is no energy taken or fed in");
  }

  /**
   * Puts a load together.
   *
   * @param point what the load is called
   * @param from the beginning of its first slot
   * @param to the end of its last
   * @throws UnfitException where a day does not fit to the others
   */
  public static Merged of(
      String point, List<DayRecord> days, List<MeterTime> times, Instant from, Instant to)
      throws UnfitException {
    boolean virtual = virtual(times);
    int step = 0;
    int scale = 0;
    Set<String> seen = new HashSet<>();
    for (DayRecord day : days) {
      if (!day.unit().equals(ENERGY)) {
        throw new UnfitException(place(day) + " is in " + day.unit() + ", not in " + ENERGY);
      }
      if (!seen.add(day.meter() + "\n" + fedIn(day.channel()) + "\n" + day.date())) {
        throw new UnfitException(place(day) + " is there twice");
      }
      step = Math.max(step, day.seconds());
      scale = Math.max(scale, KILO - day.scaler() + digits(day.meter(), times));
    }
    if (step == 0) {
      step = 900;
    }
    long seconds = to.getEpochSecond() - from.getEpochSecond();
    if (seconds <= 0 || seconds % step != 0 || seconds / step > MOST_SLOTS) {
      throw new UnfitException(
          "from " + from + " to " + to + " there is no whole number of slots of " + step + " s");
    }
    PointLoad load = new PointLoad(from, step, scale, (int) (seconds / step), virtual);
    for (DayRecord day : days) {
      boolean fedIn = fedIn(day.channel());
      for (MeterTime time : times) {
        if (time.meter().equals(day.meter())) {
          load.add(day, fedIn, time, to);
        }
      }
    }
    if (virtual) {
      load.whole(days, times);
    }
    return load.merged(point, times);
  }

  private static boolean virtual(List<MeterTime> times) throws UnfitException {
    long factors = times.stream().filter(t -> t.factor().isPresent()).count();
    if (factors != 0 && factors != times.size()) {
      throw new UnfitException("some of its meters have a factor, and some have none");
    }
    if (factors != 0 && times.stream().map(MeterTime::meter).distinct().count() != factors) {
      throw new UnfitException("a virtual meter is made of one meter twice");
    }
    return factors != 0;
  }

  /** How many digits behind the point a meter's factor has. */
  private static int digits(String meter, List<MeterTime> times) {
    return times.stream()
        .filter(t -> t.meter().equals(meter))
        .mapToInt(t -> t.factor().map(f -> Math.max(0, f.scale())).orElse(0))
        .max()
        .orElse(0);
  }

  /** A virtual meter's slot is lacking where one of its meters is; the first such one is named. */
  private void whole(List<DayRecord> days, List<MeterTime> times) {
    String first = "";
    for (int i = 0; i < sums.length; i++) {
      if (parts[i] != step * times.size()) {
        if (first.isEmpty()) {
          first = unknown(days, times, from.plusSeconds((long) i * step));
        }
        lacking[i] = true;
        meters[i] = first;
      }
    }
  }

  /** Which of the meters has no value at an instant. */
  private static String unknown(List<DayRecord> days, List<MeterTime> times, Instant at) {
    for (MeterTime time : times) {
      boolean known = false;
      for (DayRecord day : days) {
        long slot =
            Math.floorDiv(at.getEpochSecond() - day.start().getEpochSecond(), day.seconds());
        known |=
            day.meter().equals(time.meter())
                && slot >= 0
                && slot < day.slots().size()
                && !day.slots().get((int) slot).missing();
      }
      if (!known) {
        return time.meter();
      }
    }
    return times.getFirst().meter();
  }

  private void add(DayRecord day, boolean fedIn, MeterTime time, Instant end)
      throws UnfitException {
    Instant begin = time.from().isBefore(from) ? from : time.from();
    Instant stop = time.to().isAfter(end) ? end : time.to();
    long factor = factor(day, time);
    for (int i = 0; i < day.slots().size(); i++) {
      Instant start = day.startOf(i);
      Instant over = start.plusSeconds(day.seconds());
      if (!over.isAfter(begin) || !start.isBefore(stop)) {
        continue;
      }
      boolean whole = !start.isBefore(begin) && !over.isAfter(stop);
      long off = start.getEpochSecond() - from.getEpochSecond();
      int cell = (int) Math.floorDiv(off, (long) step);
      if (cell < 0 || cell >= sums.length || Math.floorMod(off, step) + day.seconds() > step) {
        throw new UnfitException(
            place(day) + ": the slot that starts " + start + " is on no grid of " + step + " s");
      }
      SlotRecord slot = day.slots().get(i);
      if (meters[cell] == null) {
        meters[cell] = day.meter();
      }
      if (slot.missing()) {
        if (whole) {
          lacking[cell] = true;
          meters[cell] = day.meter();
        }
        continue;
      }
      known[cell] |= !fedIn;
      if (parts.length > 0 && !fedIn) {
        parts[cell] += day.seconds();
      }
      try {
        long value = Math.multiplyExact(slot.value(), factor);
        sums[cell] =
            fedIn ? Math.subtractExact(sums[cell], value) : Math.addExact(sums[cell], value);
      } catch (ArithmeticException e) {
        throw new UnfitException(place(day) + ": the slot that starts " + start + " is too large");
      }
    }
  }

  private long factor(DayRecord day, MeterTime time) throws UnfitException {
    if (scale > 12) {
      throw new UnfitException(place(day) + " has more digits than are billed");
    }
    BigDecimal factor = time.factor().orElse(BigDecimal.ONE);
    try {
      return factor.movePointRight(scale - (KILO - day.scaler())).longValueExact();
    } catch (ArithmeticException e) {
      throw new UnfitException(place(day) + " times " + factor + " is too large");
    }
  }

  private Merged merged(String point, List<MeterTime> times) {
    List<Instant> gaps = new ArrayList<>();
    List<String> whose = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      if (lacking[i] || !known[i]) {
        sums[i] = Load.MISSING;
        Instant start = from.plusSeconds((long) i * step);
        gaps.add(start);
        whose.add(meters[i] != null ? meters[i] : standing(times, start));
      }
    }
    return new Merged(new Load(point, from, step, sums, scale, false), gaps, whose);
  }

  private static String standing(List<MeterTime> times, Instant at) {
    return times.stream()
        .filter(t -> !at.isBefore(t.from()) && at.isBefore(t.to()))
        .map(MeterTime::meter)
        .findFirst()
        .orElse("");
  }

  private static String place(DayRecord day) {
    return "meter " + day.meter() + ", " + day.date() + ", channel " + day.channel();
  }
}
