package org.gridwarden.bench.vee;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.gridwarden.core.Quality;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Rule;
import org.gridwarden.mdm.validation.Timeline;

/**
 * A defect put into a clean curve.
 *
 * @param rule the rule that should find it
 * @param curve the curve with the defect
 * @param context what is known around it
 * @param from the first slot that it touches
 * @param to the slot after the last
 */
record Defect(Rule rule, Curve curve, Context context, int from, int to) {

  /** Puts one of a rule's kind somewhere into a copy of a curve. */
  static Defect put(Rule rule, Curve clean, Context around, SplittableRandom dice) {
    return new Maker(clean, around, dice).make(rule);
  }

  /** Makes one. */
  private static final class Maker {
    private final Curve clean;
    private final Curve curve;
    private final Context around;
    private final SplittableRandom dice;
    private final Timeline time;
    private final int day;
    private final int dayFrom;
    private final int dayTo;
    private final int slot;

    Maker(Curve clean, Context around, SplittableRandom dice) {
      this.clean = clean;
      this.around = around;
      this.dice = dice;
      curve = clean.copy();
      time = clean.time();
      day = 1 + dice.nextInt(time.days() - 6);
      dayFrom = time.firstSlot(day);
      dayTo = time.firstSlot(day + 1);
      slot = dayFrom + dice.nextInt(dayTo - dayFrom);
    }

    Defect make(Rule rule) {
      return switch (rule) {
        case GAP -> gap(rule);
        case DUPLICATE -> duplicate(rule);
        case HIGH -> one(rule, raw(50 + dice.nextInt(200)));
        case NEGATIVE -> one(rule, -raw(0.05 + dice.nextDouble(3)));
        case SPIKE -> one(rule, raw(Math.min(42, Math.max(6, peak() * (2 + dice.nextDouble(3))))));
        case ZERO_RUN -> zeros(rule);
        case STEP -> step(rule);
        case SUM -> one(rule, curve.values()[slot] + raw(4 * (0.1 + dice.nextDouble(2))));
        case REGISTER -> register(rule);
        case HISTORY -> day(rule, dice.nextInt(4) == 0 ? 0.02 : 4 + dice.nextDouble(4));
        case SIBLING -> day(rule, 6 + dice.nextDouble(6));
        case CHECK_METER -> day(rule, 0.6 + dice.nextDouble(0.3));
        case CLOCK -> clock(rule);
        case OUTAGE -> outage(rule);
        case LOAD_FACTOR -> stuck(rule);
        case KVAR -> kvar(rule);
        case UNIT -> unit(rule);
      };
    }

    private Defect gap(Rule rule) {
      int to = Math.min(time.slots(), slot + 1 + dice.nextInt(96));
      Arrays.fill(curve.quality(), slot, to, Quality.MISSING);
      return new Defect(rule, curve, around, slot, to);
    }

    private Defect duplicate(Rule rule) {
      long second = curve.values()[slot] + 1 + dice.nextInt(500);
      return new Defect(
          rule,
          curve,
          around.withDuplicates(List.of(new Context.Duplicate(slot, second))),
          slot,
          slot + 1);
    }

    private Defect one(Rule rule, long value) {
      curve.values()[slot] = value;
      return new Defect(rule, curve, around, slot, slot + 1);
    }

    private Defect zeros(Rule rule) {
      int to = Math.min(time.slots(), slot + 120 + dice.nextInt(300));
      Arrays.fill(curve.values(), slot, to, 0);
      return new Defect(rule, curve, around, slot, to);
    }

    /** A level that jumps for an hour or two: its highest and third highest are alike. */
    private Defect step(Rule rule) {
      int to = Math.min(time.slots(), slot + 4 + dice.nextInt(4));
      long level = raw(Math.min(42, Math.max(10, peak() * (2.5 + dice.nextDouble(3)))));
      Arrays.fill(curve.values(), slot, to, level);
      return new Defect(rule, curve, around, slot, to);
    }

    private Defect register(Rule rule) {
      List<Context.Register> readings = new ArrayList<>(around.registers());
      int at = day + 1;
      double fallen = readings.get(at).kwh() * dice.nextDouble(0.2, 0.9);
      double before = readings.get(at - 1).kwh();
      if (before > 0.95 * Surroundings.CAPACITY) {
        // shortly before a roll-over a fall looks like one: taken back only a little
        fallen = before - 1;
      }
      readings.set(at, new Context.Register(readings.get(at).at(), Math.min(fallen, before - 1)));
      return new Defect(
          rule,
          curve,
          around.withRegisters(readings, Surroundings.CAPACITY, 0.001),
          dayFrom,
          dayTo);
    }

    private Defect day(Rule rule, double factor) {
      for (int i = dayFrom; i < dayTo; i++) {
        curve.values()[i] = Math.round(curve.values()[i] * factor);
      }
      return new Defect(rule, curve, around, dayFrom, dayTo);
    }

    /** A day in Wh among days in kWh, or the other way round. */
    private Defect unit(Rule rule) {
      if (dice.nextBoolean()) {
        return day(rule, 1000);
      }
      long[] finer = new long[time.slots()];
      for (int i = 0; i < finer.length; i++) {
        boolean its = i >= dayFrom && i < dayTo;
        finer[i] = clean.values()[i] * (its ? 1 : 1000);
      }
      Curve off = new Curve(time, clean.unit(), clean.scaler() - 3, finer, curve.quality());
      return new Defect(rule, off, around, dayFrom, dayTo);
    }

    private Defect clock(Rule rule) {
      if (dice.nextBoolean()) {
        int to = Math.min(time.slots(), slot + 1 + dice.nextInt(20));
        Arrays.fill(curve.quality(), slot, to, Quality.CLOCK_INVALID);
        return new Defect(rule, curve, around, slot, to);
      }
      double off = (dice.nextBoolean() ? 1 : -1) * (200 + dice.nextInt(4000));
      return new Defect(
          rule, curve, around.withClockAndUnit(off, around.expected()), 0, time.slots());
    }

    private Defect outage(Rule rule) {
      int to = Math.min(time.slots(), slot + 2 + dice.nextInt(20));
      Instant from = time.startOf(slot);
      return new Defect(
          rule,
          curve,
          around.withOutages(List.of(new Context.Outage(from, time.startOf(to)))),
          slot,
          to);
    }

    private Defect stuck(Rule rule) {
      long value = raw(0.1 + dice.nextDouble(1));
      Arrays.fill(curve.values(), dayFrom, dayTo, value);
      return new Defect(rule, curve, around, dayFrom, dayTo);
    }

    private Defect kvar(Rule rule) {
      Curve reactive = around.reactive().orElseThrow().copy();
      for (int i = dayFrom; i < dayTo; i++) {
        reactive.values()[i] = clean.values()[i] * (3 + dice.nextInt(5));
      }
      return new Defect(
          rule,
          curve,
          around.withCurves(
              around.sibling(), around.checkMeter(), Optional.empty(), Optional.of(reactive)),
          dayFrom,
          dayTo);
    }

    private long raw(double kw) {
      return Math.max(1, Math.round(kw / clean.kilos()));
    }

    private double peak() {
      return Arrays.stream(clean.values()).max().orElse(0) * clean.kilos();
    }
  }
}
