package org.gridwarden.security.thirdparty;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.gridwarden.security.command.CommandException;

/** A COSEM date-time of twelve bytes (IEC 62056-6-2, clause 4.1.6.1). Pure functions. */
final class DlmsTime {
  static final int LENGTH = 12;
  private static final int NO_DEVIATION = -32768;
  private static final int ANY = 0xFF;

  private DlmsTime() {}

  /** In UTC, whole seconds. */
  static byte[] of(Instant at) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, ZoneOffset.UTC);
    return new Octets.Out()
        .raw(utc.getYear() >> 8, utc.getYear(), utc.getMonthValue(), utc.getDayOfMonth())
        .raw(utc.getDayOfWeek().getValue(), utc.getHour(), utc.getMinute(), utc.getSecond())
        .raw(0, 0, 0, 0) // hundredths, deviation, clock status
        .bytes();
  }

  /**
   * The instant.
   *
   * @throws CommandException where it names none, or does not say how far it is from UTC
   */
  static Instant instant(byte[] b) throws CommandException {
    int deviation = (short) ((b[9] & 0xFF) << 8 | b[10] & 0xFF);
    try {
      if (deviation == NO_DEVIATION) {
        throw new CommandException("its time does not say how far it is from UTC");
      }
      int second = b[7] & 0xFF;
      return LocalDateTime.of(
              (b[0] & 0xFF) << 8 | b[1] & 0xFF,
              b[2] & 0xFF,
              b[3] & 0xFF,
              b[5] & 0xFF,
              b[6] & 0xFF,
              second == ANY ? 0 : second)
          .toInstant(ZoneOffset.UTC)
          .plusSeconds(deviation * 60L);
    } catch (DateTimeException e) {
      throw new CommandException("its time is none: " + e.getMessage());
    }
  }
}
