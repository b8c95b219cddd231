package org.gridwarden.mdm.household;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.ToLongFunction;
import org.gridwarden.mdm.billing.Load;
import org.gridwarden.mdm.billing.Tariff;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** S15: each tip says its figure and what it would have saved; the steps stand beside it. */
class TipsTest {
  /** A Monday; four weeks without a change of clocks, in one month. */
  private static final LocalDate FROM = LocalDate.of(2026, 6, 1);

  private static final LocalDate TO = FROM.plusWeeks(4);
  private static final Tariff FLAT = Laid.tariff("energy: {price: 0.20}");

  private static final Tariff NIGHT =
      Laid.tariff(
          """
          energy:
            periods:
              day: {price: 0.30}
              night: {price: 0.10}
            otherwise: day
            hours:
              - {period: night, from: "22:00", to: "06:00"}
          """);

  private static List<Tip> tips(ToLongFunction<LocalDateTime> wh, Tariff tariff) {
    return Tips.of(Laid.hours(FROM, TO, wh), Laid.always(tariff, FROM, TO), FROM, TO);
  }

  private static Tip only(List<Tip> tips, Tip.Kind kind) {
    return tips.stream().filter(t -> t.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void aNightsBaseLoadAndWhatAQuarterOfItCosts() {
    // 200 W at night, 600 W by day: 8 x 200 + 16 x 600 = 11,200 Wh a day
    List<Tip> tips = tips(at -> at.getHour() < 8 ? 200 : 600, FLAT);
    assertThat(tips).hasSize(1); // every day alike, every hour at one price
    Tip base = tips.getFirst();
    assertThat(base.kind()).isEqualTo(Tip.Kind.BASE_LOAD);
    assertThat(base.figure()).isEqualByComparingTo("200");
    // 24 x 200 = 4,800 of 11,200 Wh
    assertThat(base.against()).isEqualByComparingTo("43");
    assertThat(base.assumed()).isEqualByComparingTo("50");
    // 28 days x 24 h x 50 W = 33.6 kWh at 0.20; the bills are 62.72 and 56.00
    assertThat(base.saves()).isEqualByComparingTo("6.72");
  }

  @Test
  void aCarThatChargesOnSomeNightsIsNoBaseLoad() {
    List<Tip> tips =
        tips(
            at ->
                at.getDayOfWeek() == DayOfWeek.TUESDAY && at.getHour() < 8
                    ? 7_000
                    : at.getHour() < 8 ? 100 : 600,
            FLAT);
    assertThat(only(tips, Tip.Kind.BASE_LOAD).figure()).isEqualByComparingTo("100");
  }

  @Test
  void anEveningThatWouldBeCheaperAtNight() {
    // 17 to 21: 1,000 Wh an hour, else 20: 4,000 + 400 Wh a day; too little at night for a base
    // load
    List<Tip> tips = tips(at -> at.getHour() >= 17 && at.getHour() < 21 ? 1_000 : 20, NIGHT);
    assertThat(tips).hasSize(1);
    Tip evening = tips.getFirst();
    assertThat(evening.kind()).isEqualTo(Tip.Kind.EVENING);
    assertThat(evening.figure()).isEqualByComparingTo("91"); // 4,000 of 4,400
    assertThat(evening.against()).isEqualByComparingTo("112"); // 28 x 4 kWh
    assertThat(evening.assumed()).isEqualByComparingTo("25");
    // of the hours from 22 to 6 in one day, four in a row: the latest that is all night is 2 to 6
    assertThat(evening.fromHour()).isEqualTo(2);
    assertThat(evening.toHour()).isEqualTo(6);
    // a quarter of 112 kWh, 0.30 less 0.10
    assertThat(evening.saves()).isEqualByComparingTo("5.60");
  }

  @Test
  void aWeekendThatUsesMore() {
    // weekdays 24 x 40 = 0.96 kWh, weekends 24 x 80 = 1.92 kWh: half the difference is 0.48
    List<Tip> tips =
        tips(at -> at.getDayOfWeek().getValue() > 5 ? 80 : 40, Laid.tariff("energy: {price: 1}"));
    Tip weekend = only(tips, Tip.Kind.WEEKEND);
    assertThat(weekend.figure()).isEqualByComparingTo("1.92");
    assertThat(weekend.against()).isEqualByComparingTo("0.96");
    assertThat(weekend.assumed()).isEqualByComparingTo("0.48");
    assertThat(weekend.saves()).isEqualByComparingTo("3.84"); // 8 days
    assertThat(tips).extracting(Tip::kind).doesNotContain(Tip.Kind.WEEKDAYS);
  }

  @Test
  void daysFarAboveOnesOwn() {
    LocalDate wash = FROM.plusDays(9);
    // 24 x 40 = 0.96 kWh a day, and one of 24 x 400
    List<Tip> tips = tips(at -> at.toLocalDate().equals(wash) ? 400 : 40, FLAT);
    Tip high = only(tips, Tip.Kind.HIGH_DAYS);
    assertThat(high.days()).containsExactly(wash);
    assertThat(high.figure()).isEqualByComparingTo("9.60");
    assertThat(high.against()).isEqualByComparingTo("0.96");
    // 27 x 0.96 + 9.60 = 35.52 kWh cost 7.10, 28 x 0.96 = 26.88 kWh cost 5.38
    assertThat(high.saves()).isEqualByComparingTo("1.72");
  }

  @Test
  @DisplayName("no tip without a figure: where too few days are whole, or nothing would be saved")
  void nothingToSay() {
    LocalDate gaps = FROM.plusDays(13);
    assertThat(
            tips(
                at -> at.toLocalDate().isBefore(gaps) || at.getHour() != 3 ? 200 : Load.MISSING,
                FLAT))
        .as("13 whole days")
        .isEmpty();
    assertThat(tips(at -> 200, Laid.tariff("fixed: {per-month: 10}\nenergy: {price: 0}")))
        .as("energy is free")
        .isEmpty();
    assertThat(Tips.of(Laid.hours(FROM, TO, at -> 200), List.of(), FROM, TO))
        .as("no tariff")
        .isEmpty();
  }
}
