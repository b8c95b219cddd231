package org.gridwarden.mdm.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.vee.RuleBook;
import org.junit.jupiter.api.Test;

/** Each rule with its measured and permitted figure, on a household whose days are all alike. */
class ValidatorTest {
  private final Validator validator =
      new Validator(RuleBook.shipped().of(RuleBook.USUAL).validation());
  private final Timeline time =
      Timeline.ofDays(LocalDate.of(2026, 3, 2), 21, 900, ZoneId.of("Europe/Zurich"), Set.of());
  private final Curve curve = curve();

  /** 0.2 kW at night, 0.8 kW by day, 2 kW at noon, a little more each day: 14 to 15 kWh a day. */
  private Curve curve() {
    long[] values = new long[time.slots()];
    for (int i = 0; i < values.length; i++) {
      int hour = time.timeOfDay(i) / 4;
      values[i] = (hour < 6 ? 50 : hour == 12 ? 500 : 200) + time.dayOf(i) % 3;
    }
    return new Curve(time, Unit.WATT_HOUR, 0, values, new byte[values.length]);
  }

  @Test
  void aHouseholdAsEverGivesNoFinding() {
    assertThat(validator.validate(curve, Context.NONE)).isEmpty();
  }

  @Test
  void aGapIsToldAsOne() {
    Arrays.fill(curve.quality(), 100, 107, Quality.MISSING);

    assertThat(only(Context.NONE)).isEqualTo(new Finding(Rule.GAP, Then.ESTIMATE, 100, 107, 7, 0));
  }

  @Test
  void aValueBeyondTheConnectionIsNotBelieved() {
    curve.values()[100] = 12_000;

    assertThat(only(Context.NONE))
        .isEqualTo(new Finding(Rule.HIGH, Then.ESTIMATE, 100, 101, 48, 43.5));
  }

  @Test
  void aNegativeValueIsNotBelieved() {
    curve.values()[100] = -25;

    assertThat(only(Context.NONE))
        .isEqualTo(new Finding(Rule.NEGATIVE, Then.ESTIMATE, 100, 101, -0.1, 0));
  }

  @Test
  void aSpikeIsMeasuredAgainstTheDaysThirdHighestAndAgainstOtherDays() {
    curve.values()[100] = 2_500;

    List<Finding> findings = validator.validate(curve, Context.NONE);

    assertThat(findings).extracting(Finding::rule).containsExactly(Rule.SPIKE, Rule.STEP);
    Finding spike = findings.getFirst();
    assertThat(spike.from()).isEqualTo(100);
    assertThat(spike.permitted()).isEqualTo(180);
    assertThat(spike.measured()).isBetween(398.0, 400.0);
  }

  @Test
  void zerosForMoreThanADayAreFoundWhereZerosAreNotUsual() {
    Arrays.fill(curve.values(), 200, 200 + 98, 0);

    assertThat(validator.validate(curve, Context.NONE))
        .contains(new Finding(Rule.ZERO_RUN, Then.FLAG, 200, 298, 24.5, 24));
  }

  @Test
  void theSumOfADayIsHeldAgainstItsRegister() {
    Context right = Context.NONE.withRegisters(registers(99_995), 100_000, 0.001);
    assertThat(validator.validate(curve, right)).as("roll-over").isEmpty();

    curve.values()[time.firstSlot(4) + 30] += 40;

    Finding finding = only(right);
    assertThat(finding.rule()).isEqualTo(Rule.SUM);
    assertThat(finding.from()).isEqualTo(time.firstSlot(4));
    assertThat(finding.to()).isEqualTo(time.firstSlot(5));
    assertThat(finding.measured()).isBetween(0.039, 0.041);
    assertThat(finding.permitted()).isBetween(0.015, 0.020);
  }

  @Test
  void aRegisterThatFellIsNoRollOverWhereMuchWasLeft() {
    List<Context.Register> readings = new ArrayList<>(registers(50_000));
    readings.set(5, new Context.Register(readings.get(5).at(), 10));

    Finding first =
        validator.validate(curve, Context.NONE.withRegisters(readings, 100_000, 0.001)).getFirst();

    assertThat(first.rule()).isEqualTo(Rule.REGISTER);
    assertThat(first.measured()).isLessThan(-50_000);
  }

  @Test
  void aDayThreeTimesAsHighAsEverIsFound() {
    for (int i = time.firstSlot(5); i < time.firstSlot(6); i++) {
      curve.values()[i] *= 3;
    }

    Finding finding = only(Context.NONE);

    assertThat(finding.rule()).isEqualTo(Rule.HISTORY);
    assertThat(finding.measured()).isBetween(195.0, 205.0);
  }

  @Test
  void aDayInAnotherUnitIsFoundAndAnotherUnitIsToo() {
    Context expected = Context.NONE.withClockAndUnit(0, Optional.of(Unit.VAR_HOUR));
    assertThat(only(expected).rule()).isEqualTo(Rule.UNIT);

    for (int i = time.firstSlot(5); i < time.firstSlot(6); i++) {
      curve.values()[i] *= 1000;
    }
    assertThat(validator.validate(curve, Context.NONE))
        .anyMatch(f -> f.rule() == Rule.UNIT && f.from() == time.firstSlot(5));
  }

  @Test
  void aClockThatIsOffIsFoundByTheOfficeOrByTheMeterItself() {
    assertThat(only(Context.NONE.withClockAndUnit(-181, Optional.empty())))
        .isEqualTo(new Finding(Rule.CLOCK, Then.FLAG, 0, time.slots(), -181, 180));
    assertThat(validator.validate(curve, Context.NONE.withClockAndUnit(180, Optional.empty())))
        .isEmpty();

    curve.quality()[7] = Quality.CLOCK_INVALID;
    assertThat(only(Context.NONE).from()).isEqualTo(7);
  }

  @Test
  void energyWithoutPowerIsFoundInWholeDarkSlotsOnly() {
    Context dark =
        Context.NONE.withOutages(
            List.of(
                new Context.Outage(
                    time.startOf(100).plusSeconds(1), time.startOf(102).plusSeconds(1))));

    Finding finding = only(dark);
    assertThat(finding.rule()).isEqualTo(Rule.OUTAGE);
    assertThat(finding.from()).isEqualTo(101);
    assertThat(finding.to()).isEqualTo(102);
    assertThat(finding.measured()).isCloseTo(0.204, within(1e-9));
    assertThat(finding.permitted()).isEqualTo(0.02);
  }

  @Test
  void aMeterThatRepeatsItselfIsFound() {
    Arrays.fill(curve.values(), time.firstSlot(3), time.firstSlot(4), 150);

    assertThat(only(Context.NONE))
        .isEqualTo(
            new Finding(
                Rule.LOAD_FACTOR, Then.FLAG, time.firstSlot(3), time.firstSlot(4), 100, 99));
  }

  @Test
  void otherCurvesAreHeldAgainstIt() {
    Curve check = curve.copy();
    Curve sibling = curve.copy();
    Curve reactive = curve.copy();
    for (int i = time.firstSlot(3); i < time.firstSlot(4); i++) {
      check.values()[i] = Math.round(check.values()[i] * 0.9);
      sibling.values()[i] /= 40;
      reactive.values()[i] *= 3;
    }
    for (int i = 0; i < reactive.values().length; i++) {
      reactive.values()[i] /= 2;
    }
    Context context =
        Context.NONE.withCurves(
            Optional.of(sibling), Optional.of(check), Optional.empty(), Optional.of(reactive));

    assertThat(validator.validate(curve, context))
        .allMatch(f -> f.from() == time.firstSlot(3) && f.to() == time.firstSlot(4))
        .extracting(Finding::rule)
        .contains(Rule.CHECK_METER)
        .doesNotContain(Rule.KVAR);
  }

  @Test
  void aSecondValueIsToldBesideTheFirst() {
    Context twice = Context.NONE.withDuplicates(List.of(new Context.Duplicate(48, 900)));

    assertThat(only(twice)).isEqualTo(new Finding(Rule.DUPLICATE, Then.FLAG, 48, 49, 3.6, 2.0));
  }

  @Test
  void withFewDaysNothingIsHeldAgainstAHistory() {
    Timeline few =
        Timeline.ofDays(LocalDate.of(2026, 3, 2), 5, 900, ZoneId.of("Europe/Zurich"), Set.of());
    long[] values = Arrays.copyOf(curve.values(), few.slots());
    values[100] = 4_000;

    assertThat(
            validator.validate(
                new Curve(few, Unit.WATT_HOUR, 0, values, new byte[few.slots()]), Context.NONE))
        .isEmpty();
  }

  private List<Context.Register> registers(double first) {
    List<Context.Register> readings = new ArrayList<>();
    double shows = first;
    for (int day = 0; day < time.days(); day++) {
      readings.add(new Context.Register(time.startOf(time.firstSlot(day)), shows));
      for (int i = time.firstSlot(day); i < time.firstSlot(day + 1); i++) {
        shows += curve.values()[i] * curve.kiloHours();
      }
      shows %= 100_000;
    }
    return readings;
  }

  private Finding only(Context context) {
    List<Finding> findings = validator.validate(curve, context);
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }
}
