package org.gridwarden.dlms.objects;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Selection;

/**
 * Selective access to a profile's buffer by range and by entry, of all columns or some (IEC
 * 62056-6-2, clause 4.3.6). Immutable.
 *
 * <p>A range goes by the column that the restricting object names, which must be one of the
 * profile's; both ends are included, and a date-time that says nothing leaves its end open. Entries
 * and columns are numbered from 1; 0 as the last one stands for the greatest there is. What lies
 * beyond the end is not there, and a range that ends before it begins is empty.
 */
final class ProfileSelection {
  private static final long BILLION = 1_000_000_000L;

  private final List<CaptureObject> columns;
  private final Clock clock;

  ProfileSelection(List<CaptureObject> columns, Clock clock) {
    this.columns = columns;
    this.clock = clock;
  }

  DlmsData.Array select(List<DlmsData.Structure> rows, Selection selection) throws Refusal {
    return switch (selection.selector()) {
      case Selection.BY_RANGE -> range(rows, Values.structure(selection.parameters(), 4));
      case Selection.BY_ENTRY -> entries(rows, Values.structure(selection.parameters(), 4));
      default -> throw new Refusal(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    };
  }

  private DlmsData.Array range(List<DlmsData.Structure> rows, DlmsData.Structure p) throws Refusal {
    int restricting = column(CaptureObject.of(p.get(0)));
    Optional<BigDecimal> from = bound(p.get(1));
    Optional<BigDecimal> to = bound(p.get(2));
    List<Integer> shown = new ArrayList<>();
    for (DlmsData wanted : Values.array(p.get(3))) {
      shown.add(column(CaptureObject.of(wanted)));
    }
    List<DlmsData.Structure> within = new ArrayList<>();
    for (DlmsData.Structure row : rows) {
      Optional<BigDecimal> key = key(row.get(restricting));
      if (key.isPresent()
          && (from.isEmpty() || from.get().compareTo(key.get()) <= 0)
          && (to.isEmpty() || to.get().compareTo(key.get()) >= 0)) {
        within.add(shown.isEmpty() ? row : columns(row, shown));
      }
    }
    return DlmsData.Array.of(within);
  }

  /** The column of an object; whoever does not give its data index means its first one. */
  private int column(CaptureObject wanted) throws Refusal {
    int exact = columns.indexOf(wanted);
    if (exact >= 0) {
      return exact;
    }
    for (int i = 0; i < columns.size() && wanted.dataIndex() == 0; i++) {
      if (columns.get(i).attribute().equals(wanted.attribute())) {
        return i;
      }
    }
    throw new Refusal(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
  }

  private Optional<BigDecimal> bound(DlmsData data) throws Refusal {
    if (data instanceof DlmsData.Whole || data instanceof DlmsData.Float32) {
      return key(data);
    }
    CosemDateTime time = Values.dateTime(data);
    if (time.isUnspecified()) {
      return Optional.empty();
    }
    Optional<BigDecimal> key = key(data);
    if (key.isEmpty()) {
      throw Refusal.value();
    }
    return key;
  }

  /** What a value is compared by: numbers as they are, date-times by their seconds. */
  Optional<BigDecimal> key(DlmsData data) {
    return switch (data) {
      case DlmsData.Whole number -> Optional.of(number.decimal());
      case DlmsData.Float32 f when Float.isFinite(f.value()) ->
          Optional.of(new BigDecimal(Float.toString(f.value())));
      case DlmsData.Float64 f when Double.isFinite(f.value()) ->
          Optional.of(BigDecimal.valueOf(f.value()));
      case DlmsData.OctetString s when s.length() == 12 ->
          clock.moment(CosemDateTime.of(s.bytes(), 0)).map(ProfileSelection::seconds);
      case DlmsData.DateTime t -> clock.moment(t.value()).map(ProfileSelection::seconds);
      default -> Optional.empty();
    };
  }

  private static BigDecimal seconds(Instant at) {
    return BigDecimal.valueOf(at.getEpochSecond())
        .add(BigDecimal.valueOf(at.getNano()).divide(BigDecimal.valueOf(BILLION)));
  }

  private DlmsData.Array entries(List<DlmsData.Structure> rows, DlmsData.Structure p)
      throws Refusal {
    long first = Values.doubleLongUnsigned(p.get(0));
    long last = most(Values.doubleLongUnsigned(p.get(1)), rows.size());
    int firstColumn = Values.longUnsigned(p.get(2));
    int lastColumn = (int) most(Values.longUnsigned(p.get(3)), columns.size());
    if (first < 1 || firstColumn < 1) {
      throw new Refusal(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    if (first > last || firstColumn > lastColumn) {
      return DlmsData.Array.of(List.of());
    }
    List<DlmsData.Structure> some = rows.subList((int) first - 1, (int) last);
    if (firstColumn == 1 && lastColumn == columns.size()) {
      return DlmsData.Array.of(some);
    }
    List<Integer> shown = IntStream.range(firstColumn - 1, lastColumn).boxed().toList();
    return DlmsData.Array.of(some.stream().map(row -> columns(row, shown)).toList());
  }

  private static long most(long last, int size) {
    return last == 0 ? size : Math.min(last, size);
  }

  private static DlmsData.Structure columns(DlmsData.Structure row, List<Integer> shown) {
    return DlmsData.Structure.of(shown.stream().map(row::get).toList());
  }
}
