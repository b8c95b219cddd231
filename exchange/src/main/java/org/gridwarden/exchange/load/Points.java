package org.gridwarden.exchange.load;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A series' values as they are read: when, how much, how good, on which line. Not thread-safe. */
final class Points {
  /** Ten years of minutes. */
  static final int MOST = 5_500_000;

  private long[] starts = new long[128];
  private long[] values = new long[128];
  private int[] lines = new int[128];
  private byte[] quality = new byte[128];
  private int size;

  /** False where there are too many. */
  boolean add(long start, long value, byte good, long line) {
    if (size == MOST) {
      return false;
    }
    if (size == starts.length) {
      int more = size * 2;
      starts = Arrays.copyOf(starts, more);
      values = Arrays.copyOf(values, more);
      lines = Arrays.copyOf(lines, more);
      quality = Arrays.copyOf(quality, more);
    }
    starts[size] = start;
    values[size] = value;
    lines[size] = (int) Math.min(Integer.MAX_VALUE, line);
    quality[size++] = good;
    return true;
  }

  int size() {
    return size;
  }

  long start(int i) {
    return starts[i];
  }

  long value(int i) {
    return values[i];
  }

  int line(int i) {
    return lines[i];
  }

  byte quality(int i) {
    return quality[i];
  }

  /** Where the last one began. */
  long lastStart() {
    return size == 0 ? Long.MIN_VALUE : starts[size - 1];
  }

  /** Puts them in order of time. */
  void sort() {
    for (int i = 1; i < size; i++) {
      if (starts[i] < starts[i - 1]) {
        Integer[] order = new Integer[size];
        Arrays.setAll(order, n -> n);
        Arrays.sort(order, java.util.Comparator.comparingLong(n -> starts[n]));
        long[] newStarts = new long[size];
        long[] newValues = new long[size];
        int[] newLines = new int[size];
        byte[] newQuality = new byte[size];
        for (int n = 0; n < size; n++) {
          newStarts[n] = starts[order[n]];
          newValues[n] = values[order[n]];
          newLines[n] = lines[order[n]];
          newQuality[n] = quality[order[n]];
        }
        starts = newStarts;
        values = newValues;
        lines = newLines;
        quality = newQuality;
        return;
      }
    }
  }

  /** Once sorted: the step above 0 that occurs most, of two the smaller; 0 where there is none. */
  long step() {
    Map<Long, Integer> steps = new TreeMap<>();
    for (int i = 1; i < size; i++) {
      if (starts[i] > starts[i - 1]) {
        steps.merge(starts[i] - starts[i - 1], 1, Integer::sum);
      }
    }
    return steps.entrySet().stream()
        .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
        .map(Map.Entry::getKey)
        .orElse(0L);
  }
}
