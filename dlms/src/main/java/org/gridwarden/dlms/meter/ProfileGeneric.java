package org.gridwarden.dlms.meter;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;

/**
 * Profile generic (class 7, version 1, IEC 62056-6-2 clause 4.3.6): rows that were captured, read
 * whole, by range of their clock, which is the first column, or by number. Thread-safe where its
 * supplier is.
 */
public final class ProfileGeneric implements CosemObject {
  private static final int FIFO = 1;

  private final ObisCode logicalName;
  private final List<AttributeRef> columns;
  private final int period;
  private final ZoneId zone;
  private final Supplier<List<Row>> rows;

  /**
   * A row.
   *
   * @param at its clock
   * @param values its columns, the clock first
   */
  public record Row(Instant at, DlmsData.Structure values) {}

  /**
   * @param columns the capture objects, the clock's attribute 2 first
   * @param period between two captures, in seconds
   * @param zone in which a range without deviation is meant
   * @param rows oldest first
   */
  public ProfileGeneric(
      ObisCode logicalName,
      List<AttributeRef> columns,
      int period,
      ZoneId zone,
      Supplier<List<Row>> rows) {
    this.logicalName = logicalName;
    this.columns = List.copyOf(columns);
    this.period = period;
    this.zone = zone;
    this.rows = rows;
  }

  @Override
  public Identity identity() {
    return new Identity(7, 1, logicalName, 8, 2);
  }

  @Override
  public Outcome get(int attribute, Optional<Selection> selection) {
    return switch (attribute) {
      case 2 ->
          selection.isPresent() ? selected(selection.get()) : buffer(rows.get(), 0, columns.size());
      case 3 ->
          new Outcome.Value(
              DlmsData.Array.of(columns.stream().map(ProfileGeneric::column).toList()));
      case 4 -> new Outcome.Value(new DlmsData.DoubleLongUnsigned(period));
      case 5 -> new Outcome.Value(new DlmsData.Enumerated(FIFO));
      case 6 -> new Outcome.Value(column(new AttributeRef(0, ObisCode.parse("0.0.0.0.0.0"), 0)));
      case 7, 8 -> new Outcome.Value(new DlmsData.DoubleLongUnsigned(rows.get().size()));
      default -> CosemObject.none();
    };
  }

  private static DlmsData column(AttributeRef c) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(c.classId()),
        DlmsData.OctetString.of(c.instance()),
        new DlmsData.Integer8(c.attribute()),
        new DlmsData.LongUnsigned(0));
  }

  private Outcome selected(Selection selection) {
    if (!(selection.parameters() instanceof DlmsData.Structure p) || p.size() != 4) {
      return new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
    }
    return switch (selection.selector()) {
      case Selection.BY_RANGE -> range(p);
      case Selection.BY_ENTRY -> entries(p);
      default -> new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    };
  }

  private Outcome range(DlmsData.Structure p) {
    Optional<Instant> from = instant(p.get(1));
    Optional<Instant> to = instant(p.get(2));
    boolean allColumns = p.get(3) instanceof DlmsData.Array some && some.size() == 0;
    if (from.isEmpty() || to.isEmpty()) {
      return new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
    }
    if (!allColumns) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    List<Row> within = new ArrayList<>();
    for (Row row : rows.get()) {
      if (!row.at().isBefore(from.get()) && !row.at().isAfter(to.get())) {
        within.add(row);
      }
    }
    return buffer(within, 0, columns.size());
  }

  private Optional<Instant> instant(DlmsData data) {
    CosemDateTime time =
        switch (data) {
          case DlmsData.OctetString s when s.length() == 12 -> CosemDateTime.of(s.bytes(), 0);
          case DlmsData.DateTime t -> t.value();
          default -> CosemDateTime.UNSPECIFIED;
        };
    return time.instant(zone, CosemDateTime.DeviationSign.STANDARD);
  }

  /** Entries and columns count from 1; 0 as the last one means the greatest there is. */
  private Outcome entries(DlmsData.Structure p) {
    for (int i = 0; i < 4; i++) {
      if (!(p.get(i) instanceof DlmsData.Whole)) {
        return new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
      }
    }
    List<Row> all = rows.get();
    long first = whole(p, 0);
    long last = whole(p, 1) == 0 ? all.size() : Math.min(whole(p, 1), all.size());
    long firstColumn = whole(p, 2);
    long lastColumn = whole(p, 3) == 0 ? columns.size() : Math.min(whole(p, 3), columns.size());
    if (first < 1 || firstColumn < 1) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    if (first > last || firstColumn > lastColumn) {
      return new Outcome.Value(DlmsData.Array.of(List.of()));
    }
    return buffer(
        all.subList((int) first - 1, (int) last), (int) firstColumn - 1, (int) lastColumn);
  }

  private static long whole(DlmsData.Structure p, int index) {
    return p.get(index) instanceof DlmsData.Whole n ? n.asLong() : -1;
  }

  private Outcome buffer(List<Row> some, int from, int to) {
    boolean all = from == 0 && to == columns.size();
    return new Outcome.Value(
        DlmsData.Array.of(
            some.stream()
                .map(row ->
                    all
                        ? row.values()
                        : DlmsData.Structure.of(row.values().elements().subList(from, to)))
                .toList()));
  }
}
