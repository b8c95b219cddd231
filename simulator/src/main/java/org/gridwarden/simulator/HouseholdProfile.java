package org.gridwarden.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.objects.CosemObject;

/**
 * A load profile (class 7, version 1, IEC 62056-6-2 clause 4.3.6) whose rows are reckoned when they
 * are asked for: clock, status, watt-hours of the quarter-hour that ends then. Thread-safe.
 */
final class HouseholdProfile implements CosemObject {
  static final ObisCode NAME = ObisCode.parse("1.0.99.1.0.255");
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final ObisCode STATUS = ObisCode.parse("0.0.96.10.1.255");
  private static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  private static final int QUARTER = LoadCurve.QUARTER;
  private static final int FIFO = 1;
  private static final DlmsData GOOD = new DlmsData.Unsigned8(0);

  private final InstantSource clock;
  private final ZoneId zone;
  private final Duration history;
  private final ToIntFunction<Instant> wattHours;

  /**
   * @param clock the meter's own
   * @param wattHours of the quarter-hour that begins then
   */
  HouseholdProfile(
      InstantSource clock, ZoneId zone, Duration history, ToIntFunction<Instant> wattHours) {
    this.clock = clock;
    this.zone = zone;
    this.history = history;
    this.wattHours = wattHours;
  }

  @Override
  public Identity identity() {
    return new Identity(7, 1, NAME, 8, 2);
  }

  @Override
  public Outcome get(int attribute, Optional<Selection> selection) {
    return switch (attribute) {
      case 2 -> selection.map(this::selected).orElseGet(() -> rows(oldest(), newest()));
      case 3 ->
          new Outcome.Value(
              DlmsData.Array.of(List.of(column(8, CLOCK), column(1, STATUS), column(3, ENERGY))));
      case 4 -> new Outcome.Value(new DlmsData.DoubleLongUnsigned(QUARTER));
      case 5 -> new Outcome.Value(new DlmsData.Enumerated(FIFO));
      case 6 -> new Outcome.Value(column(0, new ObisCode(0)));
      case 7, 8 ->
          new Outcome.Value(new DlmsData.DoubleLongUnsigned((newest() - oldest()) / QUARTER + 1));
      default -> CosemObject.none();
    };
  }

  private static DlmsData column(int classId, ObisCode object) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(classId),
        DlmsData.OctetString.of(object),
        new DlmsData.Integer8(classId == 0 ? 0 : 2),
        new DlmsData.LongUnsigned(0));
  }

  /** The end of the last quarter-hour that is over. */
  private long newest() {
    return Math.floorDiv(clock.instant().getEpochSecond(), QUARTER) * QUARTER;
  }

  private long oldest() {
    return newest() - history.toSeconds() / QUARTER * QUARTER + QUARTER;
  }

  /** By range of the clock, with all columns: what the street's meters know. */
  private Outcome selected(Selection selection) {
    if (selection.selector() != Selection.BY_RANGE
        || !(selection.parameters() instanceof DlmsData.Structure p)
        || p.size() != 4) {
      return new Outcome.Refused(AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    }
    Optional<Instant> from = instant(p.get(1));
    Optional<Instant> to = instant(p.get(2));
    if (from.isEmpty() || to.isEmpty()) {
      return new Outcome.Refused(AccessResult.TYPE_UNMATCHED);
    }
    long first = Math.ceilDiv(from.get().getEpochSecond(), QUARTER) * QUARTER;
    return rows(Math.max(first, oldest()), Math.min(to.get().getEpochSecond(), newest()));
  }

  private Optional<Instant> instant(DlmsData data) {
    return data instanceof DlmsData.OctetString s && s.length() == 12
        ? CosemDateTime.of(s.bytes(), 0).instant(zone, CosemDateTime.DeviationSign.STANDARD)
        : Optional.empty();
  }

  private Outcome rows(long first, long last) {
    List<DlmsData> rows = new ArrayList<>();
    for (long end = first; end <= last; end += QUARTER) {
      Instant at = Instant.ofEpochSecond(end);
      rows.add(
          DlmsData.Structure.of(
              DlmsData.OctetString.of(CosemDateTime.of(at, zone)),
              GOOD,
              new DlmsData.DoubleLongUnsigned(wattHours.applyAsInt(at.minusSeconds(QUARTER)))));
    }
    return new Outcome.Value(DlmsData.Array.of(rows));
  }
}
