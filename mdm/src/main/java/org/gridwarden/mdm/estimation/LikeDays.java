package org.gridwarden.mdm.estimation;

import java.util.ArrayList;
import java.util.List;

/**
 * Which kinds of day stand in for which, in order of preference: Tuesday for Tuesday, then
 * Wednesday, then Thursday. Kinds count from 0 for Monday to 6 for Sunday and holidays. Immutable.
 *
 * @param table for each of the seven kinds, one or more kinds
 */
public record LikeDays(List<List<Integer>> table) {
  /** Monday, Friday, Saturday and Sunday for themselves, Tuesday to Thursday for each other. */
  public static final LikeDays USUAL =
      new LikeDays(
          List.of(
              List.of(0),
              List.of(1, 2, 3),
              List.of(2, 1, 3),
              List.of(3, 2, 1),
              List.of(4),
              List.of(5),
              List.of(6)));

  /**
   * @throws IllegalArgumentException where it is no table of seven kinds
   */
  public LikeDays {
    List<List<Integer>> copy = new ArrayList<>();
    for (List<Integer> kinds : table) {
      if (kinds.isEmpty() || kinds.stream().anyMatch(k -> k < 0 || k > 6)) {
        throw new IllegalArgumentException("a like-day table names one or more of seven kinds");
      }
      copy.add(List.copyOf(kinds));
    }
    if (copy.size() != 7) {
      throw new IllegalArgumentException("a like-day table has seven lines");
    }
    table = List.copyOf(copy);
  }

  /** How far down a kind stands in another's line: 0 is first, -1 is not like it. */
  int rank(int kind, int other) {
    return table.get(kind).indexOf(other);
  }
}
