package org.gridwarden.mdm.household;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;

/**
 * Finds in some weeks' readings what would have cost less under the consumer's own tariff: each
 * with its figure, and none without a saving. Days with a gap are not judged. Not thread-safe.
 */
final class Tips {
  /** So many whole days at least are judged. */
  static final int LEAST_DAYS = 14;

  /** Base load of less is nothing to talk about, in W. */
  private static final BigDecimal LEAST_BASE = BigDecimal.valueOf(50);

  /** How a base load is lowered: by a quarter. */
  private static final int BASE_PARTS = 4;

  private static final int EVENING_FROM = 17;
  private static final int EVENING_TO = 21;

  /** How much of an evening is moved: a quarter. */
  private static final int EVENING_PARTS = 4;

  /** Weekends and weekdays that differ by less are alike: 15 %. */
  private static final BigDecimal ALIKE = new BigDecimal("1.15");

  /** A day is high beyond one and a half usual ones, and three usual deviations. */
  private static final BigDecimal HIGH = new BigDecimal("1.5");

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final Measured measured;
  private final LocalDate from;
  private final LocalDate to;
  private final Costs before;
  private final List<TariffTerm> terms;
  private final LocalDateTime[] times;
  private final TreeMap<LocalDate, Long> days = new TreeMap<>();

  private Tips(Measured measured, List<TariffTerm> terms, LocalDate from, LocalDate to) {
    this.measured = measured;
    this.terms = terms;
    this.from = from;
    this.to = to;
    this.before = new Costs(measured.point(), measured.knownOnly(), terms);
    times = new LocalDateTime[measured.load().values().length];
    for (int i = 0; i < times.length; i++) {
      times[i] = LocalDateTime.ofInstant(measured.load().startOf(i), measured.point().zone());
    }
    for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
      long sum = 0;
      boolean whole = true;
      for (int i = measured.index(day); i < measured.index(day.plusDays(1)); i++) {
        whole &= measured.known(i);
        sum += measured.known(i) ? Math.max(0, measured.load().values()[i]) : 0;
      }
      if (whole) {
        days.put(day, sum);
      }
    }
  }

  /**
   * What is found, the greatest saving first.
   *
   * @param from the first day
   * @param to the day after the last
   */
  static List<Tip> of(Measured measured, List<TariffTerm> terms, LocalDate from, LocalDate to) {
    Tips tips = new Tips(measured, terms, from, to);
    Optional<BigDecimal> cost = tips.before.of(from, to);
    if (tips.days.size() < LEAST_DAYS || cost.isEmpty()) {
      return List.of();
    }
    List<Tip> found = new ArrayList<>();
    tips.baseLoad(cost.get()).ifPresent(found::add);
    tips.evening(cost.get()).ifPresent(found::add);
    tips.weekend(cost.get()).ifPresent(found::add);
    tips.highDays(cost.get()).ifPresent(found::add);
    found.removeIf(tip -> tip.saves().signum() <= 0);
    found.sort(Comparator.comparing(Tip::saves).reversed());
    return found;
  }

  private Optional<Tip> baseLoad(BigDecimal cost) {
    long[] night =
        slots(i -> times[i].getHour() >= 1 && times[i].getHour() < 5)
            .mapToLong(i -> measured.load().values()[i])
            .sorted()
            .toArray();
    if (night.length == 0) {
      return Optional.empty();
    }
    long base = night[night.length / 4]; // a car that charges on some nights is no base load
    long count = slots(i -> true).count();
    BigDecimal watts =
        measured
            .energy(base)
            .multiply(BigDecimal.valueOf(3_600_000))
            .divide(BigDecimal.valueOf(measured.load().seconds()), 0, RoundingMode.HALF_UP);
    long all = days.values().stream().mapToLong(Long::longValue).sum();
    if (watts.compareTo(LEAST_BASE) < 0 || all <= 0) {
      return Optional.empty();
    }
    long less = base / BASE_PARTS;
    return saving(cost, changed(i -> true, value -> Math.max(Math.min(value, 0), value - less)))
        .map(saves ->
            new Tip(
                Tip.Kind.BASE_LOAD,
                watts,
                percent(BigDecimal.valueOf(base).multiply(BigDecimal.valueOf(count)), all),
                watts.divide(BigDecimal.valueOf(BASE_PARTS), 0, RoundingMode.HALF_UP),
                0,
                24,
                List.of(),
                saves));
  }

  /** Where some hours are cheaper, part of the evening is moved to the four that are cheapest. */
  private Optional<Tip> evening(BigDecimal cost) {
    IntPredicate evening =
        i -> times[i].getHour() >= EVENING_FROM && times[i].getHour() < EVENING_TO;
    long used = slots(evening).mapToLong(i -> Math.max(0, measured.load().values()[i])).sum();
    long all = days.values().stream().mapToLong(Long::longValue).sum();
    if (used <= 0) {
      return Optional.empty();
    }
    int hours = EVENING_TO - EVENING_FROM;
    return IntStream.rangeClosed(0, 24 - hours)
        .filter(begin -> begin >= EVENING_TO || begin + hours <= EVENING_FROM)
        .boxed()
        .flatMap(begin ->
            saving(cost, moved(evening, begin))
                .map(saves ->
                    new Tip(
                        Tip.Kind.EVENING,
                        percent(BigDecimal.valueOf(used), all),
                        measured.energy(used),
                        HUNDRED.divide(BigDecimal.valueOf(EVENING_PARTS)),
                        begin,
                        begin + hours,
                        List.of(),
                        saves))
                .stream())
        .max(Comparator.comparing(Tip::saves).thenComparing(Tip::fromHour));
  }

  /** A part of each evening's slot, in the slot as many hours away. */
  private long[] moved(IntPredicate evening, int toHour) {
    long[] values = measured.knownOnly().values();
    long[] moved = values.clone();
    Map<LocalDateTime, Integer> places = new TreeMap<>();
    for (int i = 0; i < times.length; i++) {
      places.putIfAbsent(times[i], i);
    }
    int[] evenings = slots(evening).toArray();
    for (int i : evenings) {
      LocalTime there = times[i].toLocalTime().minusHours(EVENING_FROM - toHour);
      Integer place = places.get(times[i].toLocalDate().atTime(there));
      if (place != null) {
        long part = Math.max(0, values[i]) / EVENING_PARTS;
        moved[i] -= part;
        moved[place] += part;
      }
    }
    return moved;
  }

  private Optional<Tip> weekend(BigDecimal cost) {
    List<Long> weekend = days.keySet().stream().filter(Tips::free).map(this::sum).toList();
    List<Long> week = days.keySet().stream().filter(d -> !free(d)).map(this::sum).toList();
    if (weekend.size() < 4 || week.size() < 8) {
      return Optional.empty();
    }
    BigDecimal free = mean(weekend);
    BigDecimal worked = mean(week);
    boolean weekendIsHigh = free.compareTo(worked.multiply(ALIKE)) > 0;
    if (!weekendIsHigh && worked.compareTo(free.multiply(ALIKE)) <= 0) {
      return Optional.empty();
    }
    BigDecimal high = weekendIsHigh ? free : worked;
    BigDecimal low = weekendIsHigh ? worked : free;
    BigDecimal half = high.subtract(low).divide(BigDecimal.TWO, 6, RoundingMode.HALF_UP);
    BigDecimal keeps = BigDecimal.ONE.subtract(half.divide(high, 12, RoundingMode.HALF_UP));
    return saving(cost, changed(i -> free(times[i].toLocalDate()) == weekendIsHigh, scaled(keeps)))
        .map(saves ->
            new Tip(
                weekendIsHigh ? Tip.Kind.WEEKEND : Tip.Kind.WEEKDAYS,
                high,
                low,
                half,
                0,
                24,
                List.of(),
                saves));
  }

  private Optional<Tip> highDays(BigDecimal cost) {
    BigDecimal usual = median(days.values().stream().mapToLong(Long::longValue).toArray());
    BigDecimal deviation =
        median(
            days.values().stream()
                .mapToLong(sum -> BigDecimal.valueOf(sum).subtract(usual).abs().longValue())
                .toArray());
    BigDecimal limit =
        usual.multiply(HIGH).max(usual.add(deviation.multiply(BigDecimal.valueOf(3))));
    List<LocalDate> high =
        days.keySet().stream()
            .filter(day -> BigDecimal.valueOf(sum(day)).compareTo(limit) > 0)
            .toList();
    if (high.isEmpty() || usual.signum() <= 0) {
      return Optional.empty();
    }
    long[] values = measured.knownOnly().values();
    for (LocalDate day : high) {
      BigDecimal keeps = usual.divide(BigDecimal.valueOf(sum(day)), 12, RoundingMode.HALF_UP);
      for (int i = measured.index(day); i < measured.index(day.plusDays(1)); i++) {
        values[i] = scaled(keeps).applyAsLong(values[i]);
      }
    }
    BigDecimal highest = BigDecimal.valueOf(high.stream().mapToLong(this::sum).max().orElseThrow());
    return saving(cost, values)
        .map(saves ->
            new Tip(
                Tip.Kind.HIGH_DAYS,
                kilowattHours(highest),
                kilowattHours(usual),
                kilowattHours(usual),
                0,
                24,
                high,
                saves));
  }

  private Optional<BigDecimal> saving(BigDecimal cost, long[] values) {
    return new Costs(measured.point(), measured.with(values), terms)
        .of(from, to)
        .map(cost::subtract);
  }

  /** The load with what is taken in some slots of whole days changed. */
  private long[] changed(IntPredicate which, LongUnaryOperator how) {
    long[] values = measured.knownOnly().values();
    slots(which).forEach(i -> values[i] = how.applyAsLong(values[i]));
    return values;
  }

  private static LongUnaryOperator scaled(BigDecimal by) {
    return value ->
        value <= 0
            ? value
            : BigDecimal.valueOf(value)
                .multiply(by)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
  }

  /** Slots of whole days. */
  private IntStream slots(IntPredicate which) {
    return days.keySet().stream()
        .flatMapToInt(day -> IntStream.range(measured.index(day), measured.index(day.plusDays(1))))
        .filter(which);
  }

  private long sum(LocalDate day) {
    return days.getOrDefault(day, 0L);
  }

  private static boolean free(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  private BigDecimal mean(List<Long> sums) {
    return kilowattHours(
        BigDecimal.valueOf(sums.stream().mapToLong(Long::longValue).sum())
            .divide(BigDecimal.valueOf(sums.size()), 6, RoundingMode.HALF_UP));
  }

  private static BigDecimal median(long[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    BigDecimal upper = BigDecimal.valueOf(values[half]);
    return values.length % 2 == 1
        ? upper
        : upper.add(BigDecimal.valueOf(values[half - 1])).divide(BigDecimal.TWO);
  }

  private BigDecimal kilowattHours(BigDecimal raw) {
    return raw.movePointLeft(measured.load().scale()).setScale(2, RoundingMode.HALF_UP);
  }

  private static BigDecimal percent(BigDecimal part, long all) {
    return part.multiply(HUNDRED).divide(BigDecimal.valueOf(all), 0, RoundingMode.HALF_UP);
  }
}
