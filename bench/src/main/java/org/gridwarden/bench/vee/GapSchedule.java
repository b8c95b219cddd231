package org.gridwarden.bench.vee;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/**
 * Where gaps are punched: by a seed, the same each time.
 *
 * @param seed what decides
 * @param perCurve how many gaps of each length a curve gets, one at a time
 */
public record GapSchedule(long seed, int perCurve) {
  /** Gap lengths in hours; the first stands for a single slot. */
  public static final double[] HOURS = {0, 1, 2, 4, 8, 12, 24, 48, 72, 168};

  /**
   * A gap.
   *
   * @param curve whose
   * @param from the first slot
   * @param to the slot after the last
   */
  public record Gap(Curve curve, int from, int to) {}

  /** Gaps of a length, anywhere in the curves where all of it was measured. */
  public List<Gap> gaps(List<Curve> curves, double hours) {
    List<Gap> gaps = new ArrayList<>();
    SplittableRandom dice = new SplittableRandom(seed + Math.round(hours * 1000));
    for (Curve curve : curves) {
      int slots = slots(curve, hours);
      for (int i = 0; i < perCurve; i++) {
        for (int tries = 0; tries < 20; tries++) {
          int from = dice.nextInt(1, curve.time().slots() - slots);
          if (curve.missing(from - 1, from + slots + 1) == 0) {
            gaps.add(new Gap(curve, from, from + slots));
            break;
          }
        }
      }
    }
    return gaps;
  }

  /** Gaps of a length that lie over or beside a change of the clocks. */
  public List<Gap> aroundClockChanges(List<Curve> curves, double hours) {
    List<Gap> gaps = new ArrayList<>();
    SplittableRandom dice = new SplittableRandom(seed + 1 + Math.round(hours * 1000));
    for (Curve curve : curves) {
      Timeline time = curve.time();
      int slots = slots(curve, hours);
      for (int day = 1; day < time.days() - 1; day++) {
        if (time.slotsOf(day) != time.slotsADay()) {
          for (int i = 0; i < perCurve; i++) {
            int from = time.firstSlot(day) + dice.nextInt(10) - dice.nextInt(slots + 1);
            if (from > 0 && from + slots < time.slots()) {
              gaps.add(new Gap(curve, from, from + slots));
            }
          }
        }
      }
    }
    return gaps;
  }

  private static int slots(Curve curve, double hours) {
    return Math.max(1, (int) Math.round(hours * 3600 / curve.time().stepSeconds()));
  }
}
