package org.gridwarden.mdm.analytics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which groups of a month are told, over all dimensions at once. A group that is too small
 * or dominated by one household is not; nor are so many others that it, what all hidden groups of a
 * dimension make together, and what remains of one group without another could be reckoned from
 * those that are told by adding and subtracting, the total among them. Stateless.
 */
final class Suppression {
  private Suppression() {}

  /** A group of a dimension. */
  record Cell(Dimension by, String group) {}

  /** A set of parts whose figures must not follow; hiding is first sought in its own dimension. */
  private record Guarded(Optional<Dimension> by, BitSet parts) {}

  /** The groups whose figures may be told. */
  static Set<Cell> told(List<Household> panel, Disclosure rule) {
    return new Panel(panel, rule).tell();
  }

  /** One month's groups, cut into parts: households that are in the same groups throughout. */
  private static final class Panel {
    private final Disclosure rule;
    private final List<Weights> parts = new ArrayList<>();
    private final Map<Cell, BitSet> cells = new LinkedHashMap<>();
    private final Map<Cell, Integer> sizes = new HashMap<>();
    private final Map<BitSet, Boolean> tellable = new HashMap<>();
    private final Set<Cell> told = new LinkedHashSet<>();
    private final List<Guarded> always = new ArrayList<>();

    Panel(List<Household> panel, Disclosure rule) {
      this.rule = rule;
      Map<List<String>, List<Household>> same = new LinkedHashMap<>();
      for (Household one : panel) {
        List<String> groups = new ArrayList<>();
        for (Dimension by : Dimension.values()) {
          groups.add(one.group(by));
        }
        same.computeIfAbsent(groups, g -> new ArrayList<>()).add(one);
      }
      for (List<Household> part : same.values()) {
        for (Dimension by : Dimension.values()) {
          Cell cell = new Cell(by, part.getFirst().group(by));
          cells.computeIfAbsent(cell, c -> new BitSet()).set(parts.size());
          sizes.merge(cell, part.size(), Integer::sum);
        }
        parts.add(Weights.of(part));
      }
      cells.forEach((cell, inside) -> {
        if (tellable(inside)) {
          told.add(cell);
        } else {
          always.add(new Guarded(Optional.of(cell.by()), inside));
        }
      });
      for (int i = 0; i < parts.size(); i++) {
        BitSet alone = new BitSet();
        alone.set(i);
        guard(always, Optional.empty(), alone);
      }
    }

    Set<Cell> tell() {
      while (true) {
        Span span = new Span(told.size());
        for (Cell cell : told) {
          long[] set = span.zero();
          inside(cell).stream().forEach(part -> span.add(set, part));
          span.tell(set);
        }
        Span.Weigher weigher = span.weigher();
        long[] weights = new long[parts.size()];
        for (int i = 0; i < weights.length; i++) {
          weights[i] = weigher.of(i);
        }
        Set<Cell> hide = new HashSet<>();
        for (Guarded one : guarded()) {
          if (one.parts().stream().mapToLong(i -> weights[i]).reduce(0, Span::plus) == 0) {
            victim(one, hide).ifPresent(hide::add);
          }
        }
        if (hide.isEmpty()) {
          return Set.copyOf(told);
        }
        told.removeAll(hide);
      }
    }

    /** All that must not follow as things stand. */
    private List<Guarded> guarded() {
      List<Guarded> all = new ArrayList<>(always);
      for (Dimension by : Dimension.values()) {
        BitSet hidden = new BitSet();
        cells.forEach((cell, inside) -> {
          if (cell.by() == by && !told.contains(cell)) {
            hidden.or(inside);
          }
        });
        guard(all, Optional.of(by), hidden);
      }
      for (Cell whole : told) {
        for (Cell part : told) {
          if (whole.by() != part.by() && size(part) < size(whole)) {
            BitSet beyond = (BitSet) inside(part).clone();
            beyond.andNot(inside(whole));
            if (beyond.isEmpty()) {
              BitSet rest = (BitSet) inside(whole).clone();
              rest.andNot(inside(part));
              guard(all, Optional.of(part.by()), rest);
            }
          }
        }
      }
      return all;
    }

    private void guard(List<Guarded> to, Optional<Dimension> by, BitSet members) {
      if (!members.isEmpty() && !tellable(members)) {
        to.add(new Guarded(by, members));
      }
    }

    private boolean tellable(BitSet members) {
      return tellable.computeIfAbsent(
          members,
          set -> {
            Weights all = new Weights();
            set.stream().forEach(part -> all.add(parts.get(part)));
            return rule.tellable(all);
          });
    }

    /**
     * Which told group is hidden so that this one does not follow: the smallest of its dimension,
     * else the smallest that shares a household with it, else the smallest of all. None where one
     * that this round hides already may do.
     */
    private Optional<Cell> victim(Guarded guarded, Set<Cell> hidden) {
      return told.stream()
          .min(
              Comparator.comparing((Cell c) -> !guarded.by().equals(Optional.of(c.by())))
                  .thenComparing(c -> !inside(c).intersects(guarded.parts()))
                  .thenComparing(c -> c.by() == Dimension.ALL)
                  .thenComparingInt(this::size)
                  .thenComparing(c -> c.by() + "/" + c.group()))
          .filter(c -> !hidden.contains(c));
    }

    private BitSet inside(Cell cell) {
      return cells.getOrDefault(cell, new BitSet());
    }

    private int size(Cell cell) {
      return sizes.getOrDefault(cell, 0);
    }
  }
}
