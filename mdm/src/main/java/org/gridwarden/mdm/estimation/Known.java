package org.gridwarden.mdm.estimation;

import java.util.BitSet;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/**
 * A curve as the methods see it: only what is known and believed.
 *
 * @param curve the curve
 * @param doubted slots whose values are not believed
 */
record Known(Curve curve, BitSet doubted) {
  boolean at(int slot) {
    return slot >= 0
        && slot < curve.values().length
        && curve.quality()[slot] >= 0
        && !doubted.get(slot);
  }

  long value(int slot) {
    return curve.values()[slot];
  }

  Timeline time() {
    return curve.time();
  }

  /** The slot of another day at the same time of day, where it is known; else -1. */
  int sameTime(int slot, int daysOff) {
    int day = time().dayOf(slot) + daysOff;
    if (day < 0 || day >= time().days()) {
      return -1;
    }
    int other = time().slotAt(day, time().timeOfDay(slot));
    return other >= 0 && at(other) ? other : -1;
  }
}
