package org.gridwarden.mdm.estimation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Finding;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.Then;
import org.gridwarden.mdm.validation.Timeline;
import org.gridwarden.mdm.vee.RuleBook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimatorTest {
  /** A Monday. */
  private static final LocalDate FIRST = LocalDate.of(2026, 3, 2);

  private static final LocalDate HOLIDAY = LocalDate.of(2026, 3, 18);

  private final EstimationRules rules = RuleBook.shipped().of(RuleBook.USUAL).estimation();
  private final Estimator estimator = new Estimator(rules);
  private final Timeline time =
      Timeline.ofDays(FIRST, 35, 900, ZoneId.of("Europe/Zurich"), Set.of(HOLIDAY));

  /** A value that tells its day of the week and its time: 1000 x kind + time of day. */
  private final Curve week = curve();

  private Curve curve() {
    long[] values = new long[time.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1000L * time.kindOf(time.dayOf(i)) + time.timeOfDay(i);
    }
    return new Curve(time, Unit.WATT_HOUR, 0, values, new byte[values.length]);
  }

  @Test
  void theStraightLineJoinsTheSlotsBesideTheGap() {
    Curve curve = week.copy();
    curve.values()[99] = 10;
    curve.values()[103] = 50;

    assertThat(by(Method.LINEAR, curve, 100, 103)).containsExactly(20, 30, 40);
  }

  @ParameterizedTest
  @CsvSource({
    // day of the gap, kind of day whose values stand in
    "14, 0",
    "15, 1",
    "17, 3",
    "18, 4",
    "19, 5",
    "20, 6",
    // a holiday on a Wednesday is a Sunday
    "16, 6"
  })
  void theLikeDayIsTheOneThatTheTableNamesFirst(int day, int kind) {
    int from = time.firstSlot(day) + 40;

    assertThat(by(Method.LIKE_DAY, week, from, from + 1)).containsExactly(1000 * kind + 40);
  }

  @Test
  void aWednesdayWithoutOtherWednesdaysTakesATuesday() {
    Curve curve = week.copy();
    for (int day = 0; day < time.days(); day++) {
      if (time.kindOf(day) == 2) {
        Arrays.fill(curve.quality(), time.firstSlot(day), time.firstSlot(day + 1), Quality.MISSING);
      }
    }
    int from = time.firstSlot(9) + 10;

    assertThat(by(Method.LIKE_DAY, curve, from, from + 1)).containsExactly(1010);
  }

  @Test
  void theNearestLikeDaysAreMeant() {
    // a Tuesday: the nearest three of Tuesday to Thursday are the next two days and a Thursday
    int from = time.firstSlot(8) + 10;

    assertThat(by(Method.LIKE_DAYS, week, from, from + 1))
        .containsExactly((2010 + 3010 + 3010) / 3.0);
  }

  @Test
  void theWeekAndTheDayBeforeStandInAsTheyAre() {
    int from = time.firstSlot(10) + 10;

    assertThat(by(Method.PREVIOUS_WEEK, week, from, from + 2)).containsExactly(3010, 3011);
    assertThat(by(Method.PREVIOUS_DAY, week, from, from + 2)).containsExactly(2010, 2011);
  }

  @Test
  void theHourThatSpringLeavesOutIsTakenFromElsewhere() {
    // 2026-03-30 at 02:15: the day before has no such time
    int from = time.firstSlot(28) + 9;

    assertThat(time.timeOfDay(from)).isEqualTo(9);
    assertThat(by(Method.PREVIOUS_DAY, week, from, from + 1)).hasSize(1);
    assertThat(by(Method.BLEND, week, from, from + 1)).hasSize(1);
  }

  @Test
  void feederAndSiblingAreScaledByTheUsualRatio() {
    Curve other = week.copy();
    for (int i = 0; i < other.values().length; i++) {
      other.values()[i] *= 3;
    }
    Context context =
        Context.NONE.withCurves(
            Optional.of(other), Optional.empty(), Optional.of(other), Optional.empty());
    for (Method method : List.of(Method.FEEDER, Method.SIBLING)) {
      double[] made = estimator.by(method, week, 200, 202, context).orElseThrow();
      assertThat(made[0]).isCloseTo(week.values()[200], within(1e-6));
    }
  }

  @Test
  void aRegisterHoldsTheSumOfTheEstimates() {
    Curve curve = week.copy();
    int from = time.firstSlot(12) + 20;
    Arrays.fill(curve.quality(), from, from + 30, Quality.MISSING);
    double before = 99_990;
    double moved = 0;
    for (int i = time.firstSlot(12); i < time.firstSlot(13); i++) {
      moved += week.values()[i] * week.kiloHours();
    }
    // the register rolls over on the way
    Context context =
        Context.NONE.withRegisters(
            List.of(
                new Context.Register(time.startOf(time.firstSlot(12)), before),
                new Context.Register(time.startOf(time.firstSlot(13)), before + moved - 100_000)),
            100_000,
            0.001);

    List<Estimate> made = estimator.estimate(curve, List.of(gap(from, from + 30)), context);

    long truth = Arrays.stream(week.values(), from, from + 30).sum();
    assertThat(made).hasSize(1);
    assertThat(made.getFirst().methodId()).isEqualTo("blend+register-scaled");
    assertThat(Arrays.stream(made.getFirst().values()).sum()).isCloseTo(truth, within(1L));
  }

  @Test
  void anOutageIsZeroAndOnlyAsLongAsItLasted() {
    Curve curve = week.copy();
    Arrays.fill(curve.quality(), 1000, 1010, Quality.MISSING);
    Instant begun = time.startOf(1002).plusSeconds(60);
    Context context =
        Context.NONE.withOutages(
            List.of(new Context.Outage(begun, time.startOf(1008).plusSeconds(5))));

    List<Estimate> made = estimator.estimate(curve, List.of(gap(1000, 1010)), context);

    assertThat(made).extracting(Estimate::from).containsExactly(1000, 1003, 1008);
    assertThat(made.get(1).method()).isEqualTo(Method.OUTAGE);
    assertThat(made.get(1).values()).containsOnly(0);
    assertThat(made.get(0).method()).isEqualTo(Method.BLEND);
  }

  @Test
  void aMeterOfWhichNothingIsKnownGetsItsClassesTypicalDay() {
    Timeline one = Timeline.ofDays(FIRST, 1, 900, ZoneId.of("Europe/Zurich"), Set.of());
    byte[] nothing = new byte[96];
    Arrays.fill(nothing, Quality.MISSING);
    Curve curve = new Curve(one, Unit.WATT_HOUR, 0, new long[96], nothing);

    List<Estimate> made = estimator.estimate(curve, List.of(gap(0, 96)), Context.NONE);

    assertThat(made.getFirst().method()).isEqualTo(Method.FINAL);
    assertThat(Arrays.stream(made.getFirst().values()).sum())
        .isCloseTo(Math.round(rules.typicalDayKwh() * 1000), within(1L));
  }

  @Test
  void theCurveIsNotChangedAndASecondRunMakesTheSame() {
    Curve curve = week.copy();
    Arrays.fill(curve.quality(), 500, 520, Quality.MISSING);
    Curve before = curve.copy();

    List<Estimate> once = estimator.estimate(curve, List.of(gap(500, 520)), Context.NONE);

    assertThat(curve).isEqualTo(before);
    assertThat(estimator.estimate(curve, List.of(gap(500, 520)), Context.NONE)).isEqualTo(once);
  }

  @Test
  void whatIsNotBelievedDoesNotServeAsNeighbour() {
    Curve curve = week.copy();
    curve.values()[700] = 9_999_999;
    Finding doubted = new Finding(Rule.HIGH, Then.ESTIMATE, 700, 701, 40_000, 43.5);

    List<Estimate> made = estimator.estimate(curve, List.of(doubted, gap(701, 702)), Context.NONE);

    assertThat(made).hasSize(1);
    assertThat(made.getFirst().cause()).isEqualTo(Rule.HIGH);
    assertThat(Arrays.stream(made.getFirst().values()).max().orElseThrow()).isLessThan(20_000);
  }

  @Test
  void roundingKeepsTheSum() {
    long[] rounded = Estimator.rounded(new double[] {0.4, 0.4, 0.4, 0.4, 0.4});

    assertThat(Arrays.stream(rounded).sum()).isEqualTo(2);
  }

  private double[] by(Method method, Curve curve, int from, int to) {
    return estimator.by(method, curve, from, to, Context.NONE).orElseThrow();
  }

  private static Finding gap(int from, int to) {
    return new Finding(Rule.GAP, Then.ESTIMATE, from, to, to - from, 0);
  }
}
