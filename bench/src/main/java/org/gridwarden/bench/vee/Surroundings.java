package org.gridwarden.bench.vee;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/**
 * What an office would know around a household's curve: register readings at midnight that roll
 * over now and then, another real household as sibling, a check meter that is off by its class,
 * reactive energy.
 */
final class Surroundings {
  /** A register of five digits. */
  static final double CAPACITY = 100_000;

  private static final double RESOLUTION = 0.001;

  private Surroundings() {}

  static Context of(Curve clean, Curve sibling, SplittableRandom dice) {
    return Context.NONE
        .withRegisters(registers(clean, dice), CAPACITY, RESOLUTION)
        .withClockAndUnit(dice.nextInt(-60, 61), Optional.of(Unit.WATT_HOUR))
        .withCurves(
            Optional.of(sibling),
            Optional.of(checkMeter(clean, dice)),
            Optional.empty(),
            Optional.of(reactive(clean, dice)));
  }

  private static List<Context.Register> registers(Curve curve, SplittableRandom dice) {
    Timeline time = curve.time();
    List<Context.Register> readings = new ArrayList<>();
    // one in ten is about to roll over
    double shows = dice.nextInt(10) == 0 ? CAPACITY - dice.nextDouble(40) : dice.nextDouble(9e4);
    for (int day = 0; day < time.days(); day++) {
      readings.add(
          new Context.Register(
              Instant.ofEpochSecond(time.epochSecondOf(time.firstSlot(day))),
              Math.floor(shows / RESOLUTION) * RESOLUTION));
      for (int i = time.firstSlot(day); i < time.firstSlot(day + 1); i++) {
        shows += curve.values()[i] * curve.kiloHours();
      }
      shows %= CAPACITY;
    }
    return readings;
  }

  private static Curve checkMeter(Curve curve, SplittableRandom dice) {
    Curve other = curve.copy();
    double off = 1 + (dice.nextDouble() - 0.5) / 100;
    for (int i = 0; i < other.values().length; i++) {
      other.values()[i] = Math.round(other.values()[i] * off);
    }
    return other;
  }

  private static Curve reactive(Curve curve, SplittableRandom dice) {
    Curve other = curve.copy();
    for (int i = 0; i < other.values().length; i++) {
      double factor = 0.75 + dice.nextDouble(0.24);
      other.values()[i] = Math.round(other.values()[i] * Math.sqrt(1 - factor * factor) / factor);
    }
    return other;
  }
}
