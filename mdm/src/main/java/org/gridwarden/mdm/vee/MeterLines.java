package org.gridwarden.mdm.vee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.Unit;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.loadfile.LoadLine;
import org.gridwarden.mdm.validation.Context;
import org.gridwarden.mdm.validation.Curve;
import org.gridwarden.mdm.validation.Timeline;

/** One meter's lines, in any order, and the curve that they are. Not thread-safe. */
final class MeterLines {
  private static final int USUAL_STEP = 900;
  private static final int LONGEST_STEP = 86_400;

  private final String meter;
  private long[] starts = new long[128];
  private long[] values = new long[128];
  private byte[] decimals = new byte[128];
  private int[] offsets = new int[128];
  private int[] numbers = new int[128];
  private int count;
  private boolean ordered = true;
  private boolean zulu;

  MeterLines(String meter) {
    this.meter = meter;
  }

  String meter() {
    return meter;
  }

  int count() {
    return count;
  }

  void add(LoadLine line) {
    if (count == starts.length) {
      int more = count * 2;
      starts = Arrays.copyOf(starts, more);
      values = Arrays.copyOf(values, more);
      decimals = Arrays.copyOf(decimals, more);
      offsets = Arrays.copyOf(offsets, more);
      numbers = Arrays.copyOf(numbers, more);
    }
    ordered &= count == 0 || line.start() >= starts[count - 1];
    zulu |= line.zulu();
    starts[count] = line.start();
    values[count] = line.value();
    decimals[count] = (byte) line.decimals();
    offsets[count] = line.offset();
    numbers[count] = line.number();
    count++;
  }

  /**
   * What the lines are.
   *
   * @param curve on a timeline from the first line's slot to the last's
   * @param context second values that came for a slot
   * @param offsets for each slot the offset to write, as the lines bear it
   * @param decimals for each slot how many decimals its value was written with
   * @param mostDecimals the most of them
   * @param zulu whether offsets are written as Z where they are zero
   * @param repeated how many lines said the same as an earlier one
   */
  record Assembled(
      String meter,
      Curve curve,
      Context context,
      int[] offsets,
      byte[] decimals,
      int mostDecimals,
      boolean zulu,
      int repeated) {}

  /**
   * Puts the lines in order.
   *
   * @param timelines makes or shares timelines
   * @throws LoadFileException where lines lie between two intervals, or too far apart
   */
  Assembled assemble(Unit unit, Timelines timelines) throws LoadFileException {
    Integer[] order = order();
    int step = step(order);
    long first = starts[order[0]];
    long last = starts[order[count - 1]];
    if ((last - first) / step >= Timeline.MAX_SLOTS) {
      throw new LoadFileException(
          "meter "
              + LoadCsv.shown(meter)
              + ": lines "
              + numbers[order[0]]
              + " and "
              + numbers[order[count - 1]]
              + " lie "
              + (last - first) / 86_400
              + " days apart, at intervals of "
              + step
              + " s; split the file or mend the date");
    }
    int slots = (int) ((last - first) / step) + 1;
    Timeline time = timelines.of(first, slots, step, seen(order));
    long[] curve = new long[slots];
    byte[] quality = new byte[slots];
    byte[] written = new byte[slots];
    int[] bears = new int[slots];
    Arrays.fill(quality, Quality.MISSING);
    Arrays.fill(bears, Integer.MIN_VALUE);
    List<Context.Duplicate> twice = new ArrayList<>(0);
    List<String> astray = new ArrayList<>(0);
    int repeated = 0;
    int most = 0;
    for (int at : order) {
      long off = starts[at] - first;
      if (off % step != 0) {
        if (astray.size() < 20) {
          astray.add(
              "line "
                  + numbers[at]
                  + ": starts between two intervals of "
                  + step / 60
                  + " min, which this meter's other lines have; mend its start or remove it");
        }
        continue;
      }
      int slot = (int) (off / step);
      bears[slot] = offsets[at];
      if (decimals[at] < 0) {
        continue;
      }
      if (quality[slot] == Quality.MISSING) {
        curve[slot] = values[at];
        written[slot] = decimals[at];
        quality[slot] = Quality.GOOD;
        most = Math.max(most, decimals[at]);
      } else if (curve[slot] == values[at]) {
        repeated++;
      } else {
        twice.add(new Context.Duplicate(slot, values[at]));
      }
    }
    if (!astray.isEmpty()) {
      throw new LoadFileException(
          "meter " + LoadCsv.shown(meter) + ": lines lie between intervals", astray);
    }
    fillOffsets(bears, time, timelines);
    return new Assembled(
        meter,
        new Curve(time, unit, 3 - LoadCsv.DECIMALS, curve, quality),
        Context.NONE.withDuplicates(twice),
        bears,
        written,
        most,
        zulu,
        repeated);
  }

  private Integer[] order() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    if (!ordered) {
      // the sort is stable: of two lines for a slot the one that stands first in the file is first
      Arrays.sort(order, (a, b) -> Long.compare(starts[a], starts[b]));
    }
    return order;
  }

  /** The difference between neighbours that is seen most often; of two the smaller. */
  private int step(Integer[] order) {
    Map<Long, Integer> seen = new TreeMap<>();
    for (int i = 1; i < count; i++) {
      long by = starts[order[i]] - starts[order[i - 1]];
      if (by >= 60 && by <= LONGEST_STEP && 86_400 % by == 0) {
        seen.merge(by, 1, Integer::sum);
      }
    }
    long best = USUAL_STEP;
    int most = 0;
    for (Map.Entry<Long, Integer> one : seen.entrySet()) {
      if (one.getValue() > most) {
        most = one.getValue();
        best = one.getKey();
      }
    }
    return (int) best;
  }

  private TreeMap<Long, Integer> seen(Integer[] order) {
    TreeMap<Long, Integer> seen = new TreeMap<>();
    int last = Integer.MIN_VALUE;
    for (int at : order) {
      if (offsets[at] != last && seen.size() < 1000) {
        last = offsets[at];
        seen.put(starts[at], last);
      }
    }
    return seen;
  }

  /** Slots without a line are written with the offset that the file's time would have there. */
  private static void fillOffsets(int[] bears, Timeline time, Timelines timelines) {
    boolean civil = true;
    for (int i = 0; civil && i < bears.length; i++) {
      civil =
          bears[i] == Integer.MIN_VALUE || bears[i] == timelines.offsetAt(time.epochSecondOf(i));
    }
    int last = 0;
    for (int i = 0; i < bears.length; i++) {
      if (bears[i] == Integer.MIN_VALUE) {
        bears[i] = civil ? timelines.offsetAt(time.epochSecondOf(i)) : last;
      }
      last = bears[i];
    }
  }
}
