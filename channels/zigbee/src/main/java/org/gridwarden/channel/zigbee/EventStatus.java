package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What a meter reports of a load-control event (ReportEventStatus, 07-5356-19, D.2.3.3.1).
 * Immutable.
 *
 * @param event which
 * @param status what became of it
 * @param at when, by the meter's clock
 */
record EventStatus(long event, int status, Instant at) {
  static final int REPORT = 0x00;
  static final int GET_SCHEDULED = 0x01;
  static final String CANCELLED = "cancelled";

  /** Up to the control of the event; a signature may follow, which nobody here can check. */
  private static final int LEAST = 17;

  /** Reads a report; empty where it is torn. */
  static Optional<EventStatus> parse(byte[] payload) {
    return payload.length < LEAST
        ? Optional.empty()
        : Optional.of(
            new EventStatus(
                Zcl.number(payload, 0, 4),
                payload[4] & 0xFF,
                SmartEnergyTime.instant(Zcl.number(payload, 5, 4))));
  }

  /** The status in words. */
  String words() {
    return switch (status) {
      case 0x01 -> "received";
      case 0x02 -> "started";
      case 0x03 -> "completed";
      case 0x04 -> "opted out";
      case 0x05 -> "opted in";
      case 0x06 -> CANCELLED;
      case 0x07 -> "superseded";
      case 0x08 -> "completed in part: opted out";
      case 0x09 -> "completed in part: opted in";
      case 0x0A -> "over: was opted out";
      case 0xF6 -> "refused: may not opt out";
      case 0xF7, 0xFD -> "refused: knows no such event";
      case 0xF8, 0xF9 -> "refused to cancel";
      case 0xFB -> "refused: was over";
      case 0xFE -> "refused";
      default -> String.format(Locale.ROOT, "status %02X", status);
    };
  }
}
