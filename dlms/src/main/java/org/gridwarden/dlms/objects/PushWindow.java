package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * When pushes may go out: window_element (IEC 62056-6-2, clause 4.4.8). Both ends may leave fields
 * open; with all open it is always. Immutable.
 */
record PushWindow(CosemDateTime start, CosemDateTime end) {
  private static final int ANY_YEAR = 0xFFFF;

  static PushWindow of(DlmsData data) throws Refusal {
    DlmsData.Structure s = Values.structure(data, 2);
    return new PushWindow(Values.dateTime(s.get(0)), Values.dateTime(s.get(1)));
  }

  DlmsData data() {
    return DlmsData.Structure.of(DlmsData.OctetString.of(start), DlmsData.OctetString.of(end));
  }

  boolean isOpen(Instant now, ZoneRules rules) {
    if (start.isUnspecified() && end.isUnspecified()) {
      return true;
    }
    Optional<Instant> closes = next(end, now, rules);
    Optional<Instant> opens = opens(now, rules);
    // one that comes again has been open before; one that does not must have begun
    return closes.isPresent()
        && (opens.isEmpty() || (start.year() == ANY_YEAR && closes.get().isBefore(opens.get())));
  }

  /** When it opens next after a moment; empty for never. */
  Optional<Instant> opens(Instant after, ZoneRules rules) {
    return next(start, after, rules);
  }

  private static Optional<Instant> next(CosemDateTime at, Instant after, ZoneRules rules) {
    return Recurrence.next(
        new CosemDate(at.year(), at.month(), at.day(), at.dayOfWeek()),
        new CosemTime(at.hour(), at.minute(), at.second(), at.hundredths()),
        after,
        rules);
  }
}
