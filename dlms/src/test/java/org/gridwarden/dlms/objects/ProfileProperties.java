package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Selection;

/** A ring keeps what the plainest way of keeping it keeps, and selects what it should. */
class ProfileProperties {
  /** A row of a value and of when it came. */
  private static DlmsData.Structure row(int value, int order) {
    return DlmsData.Structure.of(new DlmsData.DoubleLong(value), new DlmsData.DoubleLong(order));
  }

  private static int value(DlmsData.Structure row) {
    return ((DlmsData.DoubleLong) row.get(0)).value();
  }

  @Property(tries = 500)
  void ringKeepsTheMostInteresting(
      @ForAll SortMethod method,
      @ForAll @IntRange(min = 1, max = 12) int most,
      @ForAll @Size(max = 40) List<@IntRange(min = -9, max = 9) Integer> values) {
    ProfileRing ring = new ProfileRing(most, method, row -> BigDecimal.valueOf(value(row)));
    List<DlmsData.Structure> all = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      all.add(row(values.get(i), i));
      ring.add(all.getLast());
    }
    assertThat(ring.entries()).isEqualTo(plain(method, most, all));
    assertThat(ring.size()).isEqualTo(Math.min(most, values.size()));
  }

  /** All rows in order, the first or last so many of them. */
  private static List<DlmsData.Structure> plain(
      SortMethod method, int most, List<DlmsData.Structure> all) {
    List<DlmsData.Structure> kept = all.subList(Math.max(0, all.size() - most), all.size());
    Comparator<DlmsData.Structure> order =
        switch (method) {
          case FIFO, LIFO -> (a, b) -> 0;
          case LARGEST -> Comparator.comparingInt(row -> -value(row));
          case SMALLEST -> Comparator.comparingInt(ProfileProperties::value);
          case NEAREST_TO_ZERO -> Comparator.comparingInt(row -> Math.abs(value(row)));
          case FARTHEST_FROM_ZERO -> Comparator.comparingInt(row -> -Math.abs(value(row)));
        };
    return switch (method) {
      case FIFO -> kept;
      case LIFO -> kept.reversed();
      default -> all.stream().sorted(order).limit(most).toList();
    };
  }

  @Property(tries = 500)
  void entriesAreAPartOfTheRows(
      @ForAll @Size(max = 20) List<Integer> values,
      @ForAll @IntRange(min = 1, max = 25) int from,
      @ForAll @IntRange(min = 0, max = 25) int to)
      throws Refusal {
    List<DlmsData.Structure> rows = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      rows.add(row(values.get(i), i));
    }
    CaptureObject column = CaptureObject.of(3, new ObisCode(1), 2);
    ProfileSelection selection =
        new ProfileSelection(
            List.of(column, new CaptureObject(column.attribute(), 1)),
            new Bench("2026-01-01T00:00:00Z").clock);
    List<DlmsData.Structure> expected = new ArrayList<>();
    for (int i = 1; i <= rows.size(); i++) {
      if (i >= from && (to == 0 || i <= to)) {
        expected.add(rows.get(i - 1));
      }
    }
    assertThat(selection.select(rows, Selection.entries(from, to)))
        .isEqualTo(DlmsData.Array.of(expected));
  }
}
