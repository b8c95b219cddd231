package org.gridwarden.mdm.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gridwarden.mdm.analytics.Suppression.Cell;
import org.gridwarden.security.pseudonym.Pseudonym;

/** What a reader of all that is told could reckon, by exact arithmetic of another kind. */
class SuppressionProperties {
  private static final Disclosure RULE = Disclosure.USUAL;

  private static Household household(int number, double kwh, String... groups) {
    double[] flat = new double[Household.HOURS];
    Arrays.fill(flat, kwh * 1000 / 24);
    Map<Dimension, String> of = new EnumMap<>(Dimension.class);
    Dimension[] all = Dimension.values();
    for (int d = 1; d < all.length; d++) {
      of.put(all[d], d <= groups.length ? groups[d - 1] : "");
    }
    byte[] id = new byte[16];
    id[14] = (byte) (number >> 8);
    id[15] = (byte) number;
    return new Household(
        new Pseudonym(HexFormat.of().formatHex(id)), of, flat, flat, kwh, flat[0], flat[0]);
  }

  private static List<Household> tariffs(Map<String, Integer> sizes) {
    List<Household> panel = new ArrayList<>();
    sizes.forEach((tariff, size) -> {
      for (int i = 0; i < size; i++) {
        panel.add(household(panel.size(), 10, tariff));
      }
    });
    return panel;
  }

  private static Cell tariff(String name) {
    return new Cell(Dimension.TARIFF, name);
  }

  private static Map<Cell, List<Integer>> cells(List<Household> panel) {
    Map<Cell, List<Integer>> cells = new LinkedHashMap<>();
    for (int i = 0; i < panel.size(); i++) {
      for (Dimension by : Dimension.values()) {
        cells.computeIfAbsent(new Cell(by, panel.get(i).group(by)), c -> new ArrayList<>()).add(i);
      }
    }
    return cells;
  }

  @Example
  @Label(
      "C32: a group of 9 is hidden, and so is the one that it follows from together with the total")
  void nine() {
    Set<Cell> told = Suppression.told(tariffs(Map.of("flat", 20, "tou", 9, "dynamic", 15)), RULE);
    assertThat(told)
        .contains(tariff("flat"), new Cell(Dimension.ALL, ""))
        .doesNotContain(tariff("tou"), tariff("dynamic"));
    assertThat(Suppression.told(tariffs(Map.of("flat", 20, "tou", 10)), RULE))
        .contains(tariff("flat"), tariff("tou"));
    assertThat(Suppression.told(tariffs(Map.of("tou", 9)), RULE)).isEmpty();
  }

  @Example
  @Label("C32: two hidden groups that are too few together take a third with them")
  void together() {
    Set<Cell> told = Suppression.told(tariffs(Map.of("a", 4, "b", 5, "c", 12, "d", 30)), RULE);
    assertThat(told)
        .contains(tariff("d"), new Cell(Dimension.ALL, ""))
        .doesNotContain(tariff("a"), tariff("b"), tariff("c"));
  }

  @Example
  @Label(
      "C32: what remains of a feeder without a tariff that lies in it whole is no group that is told")
  void acrossDimensions() {
    List<Household> panel = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      // tariff tou is 12 of the 15 households of feeder f1
      panel.add(household(i, 10, i < 12 ? "tou" : "flat", "Europe/Zurich", i < 15 ? "f1" : "f2"));
    }
    Set<Cell> told = Suppression.told(panel, RULE);
    assertThat(told.contains(tariff("tou")) && told.contains(new Cell(Dimension.FEEDER, "f1")))
        .isFalse();
    assertThat(told).isNotEmpty();
  }

  @Example
  @Label(
      "C32: a group in which one household outweighs the others is hidden, also where it does in one hour only")
  void dominance() {
    List<Household> panel = new ArrayList<>(tariffs(Map.of("flat", 30)));
    for (int i = 0; i < 12; i++) {
      panel.add(household(100 + i, i == 0 ? 40 : 10, "tou"));
    }
    assertThat(Suppression.told(panel, RULE)).doesNotContain(tariff("tou"));

    List<Household> charging = new ArrayList<>(tariffs(Map.of("flat", 30)));
    for (int i = 0; i < 12; i++) {
      Household one = household(100 + i, 10, "tou");
      double[] night = one.workday().clone();
      night[3] = i == 0 ? 7_000 : 300;
      charging.add(
          new Household(one.id(), one.groups(), night, one.weekend(), 10, one.baseW(), 7_000));
    }
    assertThat(Suppression.told(charging, RULE)).doesNotContain(tariff("tou"));
  }

  @Property(tries = 300)
  @Label("C32: whatever the groups, no hidden group of 9 or fewer follows from what is told")
  void nothingFollows(@ForAll @IntRange(min = 1, max = 70) int size, @ForAll long seed) {
    Random random = new Random(seed);
    List<Household> panel = new ArrayList<>();
    int[] kinds = {1 + random.nextInt(5), 1 + random.nextInt(2), 1 + random.nextInt(6), 4};
    for (int i = 0; i < size; i++) {
      String[] groups = new String[kinds.length];
      for (int d = 0; d < kinds.length; d++) {
        // some groups are rare
        double place = Math.pow(random.nextDouble(), 2);
        groups[d] = "g" + (int) (place * kinds[d]);
      }
      panel.add(household(i, 5 + random.nextInt(10), groups));
    }
    Set<Cell> told = Suppression.told(panel, RULE);
    Map<Cell, List<Integer>> cells = cells(panel);
    List<BigInteger[]> known = new ArrayList<>();
    for (Cell cell : told) {
      List<Integer> members = Objects.requireNonNull(cells.get(cell));
      assertThat(members).as("%s", cell).hasSizeGreaterThanOrEqualTo(10);
      known.add(indicator(members, size));
    }
    int rank = rank(known);
    cells.forEach((cell, members) -> {
      if (members.size() < 10) {
        assertThat(told).doesNotContain(cell);
        List<BigInteger[]> with = new ArrayList<>(known);
        with.add(indicator(members, size));
        assertThat(rank(with))
            .as("%s of %s follows from %s", cell, members, told)
            .isGreaterThan(rank);
      }
    });
    // the plain way: the total without what a dimension tells
    for (Dimension by : Dimension.values()) {
      long left =
          size
              - told.stream()
                  .filter(c -> c.by() == by)
                  .mapToLong(c -> Objects.requireNonNull(cells.get(c)).size())
                  .sum();
      boolean total = told.contains(new Cell(Dimension.ALL, ""));
      assertThat(!total || left == 0 || left >= 10).as("%s leaves %d", by, left).isTrue();
    }
  }

  private static BigInteger[] indicator(List<Integer> members, int size) {
    BigInteger[] row = new BigInteger[size];
    Arrays.fill(row, BigInteger.ZERO);
    members.forEach(i -> row[i] = BigInteger.ONE);
    return row;
  }

  /** The rank of a matrix over the integers, without fractions. */
  private static int rank(List<BigInteger[]> matrix) {
    List<BigInteger[]> rows = new ArrayList<>();
    matrix.forEach(row -> rows.add(row.clone()));
    int rank = 0;
    int width = rows.isEmpty() ? 0 : rows.getFirst().length;
    for (int column = 0; column < width && rank < rows.size(); column++) {
      int pivot = rank;
      while (pivot < rows.size() && rows.get(pivot)[column].signum() == 0) {
        pivot++;
      }
      if (pivot == rows.size()) {
        continue;
      }
      BigInteger[] lead = rows.get(pivot);
      rows.set(pivot, rows.get(rank));
      rows.set(rank, lead);
      for (int r = rank + 1; r < rows.size(); r++) {
        BigInteger[] row = rows.get(r);
        BigInteger factor = row[column];
        if (factor.signum() != 0) {
          for (int i = column; i < width; i++) {
            row[i] = row[i].multiply(lead[column]).subtract(lead[i].multiply(factor));
          }
        }
      }
      rank++;
    }
    return rank;
  }
}
