package org.gridwarden.mdm.validation;

import java.util.ArrayList;
import java.util.List;

/**
 * What a register moved between two readings that stand on slots' borders.
 *
 * @param from the first slot between them
 * @param to the slot after the last
 * @param kwh by how much it moved, a roll-over reckoned in
 */
public record RegisterSpan(int from, int to, double kwh) {
  /**
   * The spans of a context's readings. A reading within a slot, one outside of the timeline and one
   * after which the register fell without a known capacity open none.
   */
  public static List<RegisterSpan> of(Timeline time, Context context) {
    List<RegisterSpan> spans = new ArrayList<>();
    List<Context.Register> readings =
        context.registers().stream().filter(r -> border(time, r) >= 0).toList();
    for (int i = 1; i < readings.size(); i++) {
      RegisterChecks.Moved moved =
          RegisterChecks.moved(readings.get(i - 1), readings.get(i), context.registerCapacity());
      if (moved.kwh() >= 0) {
        spans.add(
            new RegisterSpan(
                border(time, readings.get(i - 1)), border(time, readings.get(i)), moved.kwh()));
      }
    }
    return spans;
  }

  private static int border(Timeline time, Context.Register reading) {
    long off = reading.at().getEpochSecond() - time.epochSecondOf(0);
    return off >= 0 && off % time.stepSeconds() == 0 && off / time.stepSeconds() <= time.slots()
        ? (int) (off / time.stepSeconds())
        : -1;
  }
}
