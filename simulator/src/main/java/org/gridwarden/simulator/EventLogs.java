package org.gridwarden.simulator;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.objects.CaptureObject;
import org.gridwarden.dlms.objects.Clock;
import org.gridwarden.dlms.objects.ProfileGeneric;

/**
 * A meter's own event logs, as the office reads them (Blue Book, clause 6.2.28): profiles whose
 * rows are a clock and an event's code. What a meter could not tell stands in them all the same.
 */
enum EventLogs {
  STANDARD(0),
  FRAUD(1),
  QUALITY(4);

  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");
  private static final int MOST = 1_000;

  private final ObisCode object;
  private final ObisCode code;

  EventLogs(int number) {
    this.object = ObisCode.parse("0.0.99.98." + number + ".255");
    this.code = ObisCode.parse("0.0.96.11." + number + ".255");
  }

  /**
   * The log as an object.
   *
   * @param rows the oldest first
   */
  ProfileGeneric of(InstantSource clock, ZoneId zone, Supplier<List<DlmsData.Structure>> rows) {
    return new ProfileGeneric(
        object,
        new Clock(CLOCK, clock, zone),
        List.of(CaptureObject.of(8, CLOCK, 2), CaptureObject.of(1, code, 2)),
        0,
        MOST,
        rows::get);
  }

  /** What stands in it of all that a meter has sensed. */
  List<DlmsData.Structure> rows(List<Senses.Logged> sensed, ZoneId zone) {
    return sensed.stream()
        .filter(entry -> entry.sense().log().equals(code))
        .map(entry ->
            DlmsData.Structure.of(
                DlmsData.OctetString.of(CosemDateTime.of(entry.at(), zone)),
                new DlmsData.Unsigned8(entry.code())))
        .toList();
  }
}
