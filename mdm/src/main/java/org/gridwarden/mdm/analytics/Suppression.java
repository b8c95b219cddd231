package org.gridwarden.mdm.analytics;

import java.util.ArrayList;
import java.util.Collection;
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
  private record Guarded(Optional<Dimension> by, Set<Integer> parts) {}

  /** The groups whose figures may be told. */
  static Set<Cell> told(List<Household> panel, Disclosure rule) {
    return new Panel(panel, rule).tell();
  }

  /** One month's groups, cut into parts: households that are in the same groups throughout. */
  private static final class Panel {
    private final Disclosure rule;
    private final List<List<Household>> parts = new ArrayList<>();
    private final Map<Cell, Set<Integer>> cells = new LinkedHashMap<>();
    private final Map<Cell, Integer> sizes = new HashMap<>();
    private final Set<Cell> told = new LinkedHashSet<>();
    private final Set<Guarded> always = new LinkedHashSet<>();

    Panel(List<Household> panel, Disclosure rule) {
      this.rule = rule;
      Map<List<String>, Integer> numbers = new HashMap<>();
      for (Household one : panel) {
        List<String> key = new ArrayList<>();
        for (Dimension by : Dimension.values()) {
          key.add(one.group(by));
        }
        int number =
            numbers.computeIfAbsent(
                key,
                k -> {
                  parts.add(new ArrayList<>());
                  return parts.size() - 1;
                });
        parts.get(number).add(one);
        for (Dimension by : Dimension.values()) {
          Cell cell = new Cell(by, one.group(by));
          cells.computeIfAbsent(cell, c -> new LinkedHashSet<>()).add(number);
          sizes.merge(cell, 1, Integer::sum);
        }
      }
      cells.forEach((cell, members) -> {
        if (rule.tellable(households(members))) {
          told.add(cell);
        } else {
          always.add(new Guarded(Optional.of(cell.by()), members));
        }
      });
      for (int i = 0; i < parts.size(); i++) {
        guard(Optional.empty(), Set.of(i));
      }
    }

    Set<Cell> tell() {
      while (true) {
        Span span = new Span(cells.size());
        List<long[]> vectors = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
          vectors.add(span.part(i));
        }
        told.forEach(cell -> span.tell(vector(span, vectors, cells(cell))));
        Set<Cell> hide = new HashSet<>();
        for (Guarded one : guarded()) {
          if (span.follows(vector(span, vectors, one.parts()))) {
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
    private Set<Guarded> guarded() {
      Set<Guarded> all = new LinkedHashSet<>(always);
      for (Dimension by : Dimension.values()) {
        Set<Integer> hidden = new HashSet<>();
        cells.forEach((cell, members) -> {
          if (cell.by() == by && !told.contains(cell)) {
            hidden.addAll(members);
          }
        });
        add(all, Optional.of(by), hidden);
      }
      for (Cell whole : told) {
        for (Cell part : told) {
          Set<Integer> rest = new HashSet<>(cells(whole));
          if (whole.by() != part.by() && rest.containsAll(cells(part))) {
            rest.removeAll(cells(part));
            add(all, Optional.of(part.by()), rest);
          }
        }
      }
      return all;
    }

    private void guard(Optional<Dimension> by, Set<Integer> members) {
      add(always, by, members);
    }

    private void add(Set<Guarded> to, Optional<Dimension> by, Set<Integer> members) {
      if (!members.isEmpty() && !rule.tellable(households(members))) {
        to.add(new Guarded(by, members));
      }
    }

    /**
     * Which told group is hidden so that this one does not follow: the smallest of its dimension,
     * else the smallest that shares a household with it, else the smallest of all. None where one
     * that this round hides already may do.
     */
    private Optional<Cell> victim(Guarded guarded, Set<Cell> hidden) {
      List<Cell> order =
          told.stream()
              .sorted(
                  Comparator.comparing((Cell c) -> !guarded.by().equals(Optional.of(c.by())))
                      .thenComparing(c -> cells(c).stream().noneMatch(guarded.parts()::contains))
                      .thenComparing(c -> c.by() == Dimension.ALL)
                      .thenComparingInt(c -> sizes.getOrDefault(c, 0))
                      .thenComparing(c -> c.by() + "/" + c.group()))
              .toList();
      return order.isEmpty() || hidden.contains(order.getFirst())
          ? Optional.empty()
          : Optional.of(order.getFirst());
    }

    private Set<Integer> cells(Cell cell) {
      return cells.getOrDefault(cell, Set.of());
    }

    private List<Household> households(Collection<Integer> members) {
      List<Household> all = new ArrayList<>();
      members.forEach(number -> all.addAll(parts.get(number)));
      return all;
    }

    private static long[] vector(Span span, List<long[]> vectors, Set<Integer> members) {
      long[] sum = span.zero();
      members.forEach(number -> Span.add(sum, vectors.get(number)));
      return sum;
    }
  }
}
