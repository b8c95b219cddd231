package org.gridwarden.mdm.vee;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.gridwarden.mdm.validation.Curve;

/** Chooses which stretches of a curve are worth a plot: around what is not simply good. */
final class PlotWindows {
  private static final int MOST = 3;
  private static final int MOST_SLOTS = 1400;

  private PlotWindows() {}

  /** A stretch of slots, and how many of them are not simply good. */
  record Window(int from, int to, int weight) {}

  static List<Window> of(Curve done) {
    int day = done.time().slotsADay();
    int slots = done.values().length;
    int longest = Math.min(MOST_SLOTS, 10 * day);
    List<Window> windows = new ArrayList<>();
    int i = 0;
    while (i < slots) {
      if (MeterResult.mark(done, i) == MeterResult.Mark.GOOD) {
        i++;
        continue;
      }
      int from = Math.max(0, i - day);
      int last = i;
      int weight = 0;
      int end = i;
      // goes on while the next one that is not good is less than two days off
      while (end < slots && end - last < 2 * day && end - from < longest - day) {
        if (MeterResult.mark(done, end) != MeterResult.Mark.GOOD) {
          last = end;
          weight++;
        }
        end++;
      }
      windows.add(new Window(from, Math.min(slots, last + 1 + day), weight));
      i = Math.max(last + 1, end);
    }
    windows.sort(Comparator.comparingInt(Window::weight).reversed());
    List<Window> chosen = new ArrayList<>(windows.subList(0, Math.min(MOST, windows.size())));
    chosen.sort(Comparator.comparingInt(Window::from));
    return chosen;
  }
}
