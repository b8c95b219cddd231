package org.gridwarden.dlms;

import java.util.List;
import org.gridwarden.cosem.ObisCode;

/**
 * Selective access to an attribute (IEC 62056-5-3, clause 9.5; for profiles IEC 62056-6-2, class
 * 7).
 *
 * @param selector 1 by range, 2 by entry, for a profile's buffer
 * @param parameters as the class says
 */
public record Selection(int selector, DlmsData parameters) {
  public static final int BY_RANGE = 1;
  public static final int BY_ENTRY = 2;

  private static final int CLOCK_CLASS = 8;
  private static final ObisCode CLOCK = ObisCode.parse("0.0.1.0.0.255");

  /**
   * @throws IllegalArgumentException outside the range
   */
  public Selection {
    Ranges.check(selector, 0, 255, "access selector");
  }

  /** A profile's rows from one moment to another, both included, with all columns. */
  public static Selection range(CosemDateTime from, CosemDateTime to) {
    return new Selection(
        BY_RANGE,
        DlmsData.Structure.of(
            DlmsData.Structure.of(
                new DlmsData.LongUnsigned(CLOCK_CLASS),
                DlmsData.OctetString.of(CLOCK),
                new DlmsData.Integer8(2),
                new DlmsData.LongUnsigned(0)),
            DlmsData.OctetString.of(from),
            DlmsData.OctetString.of(to),
            DlmsData.Array.of(List.of())));
  }

  /**
   * A profile's rows by their number.
   *
   * @param first from 1, the profile's first row
   * @param last 0 for the greatest there is
   */
  public static Selection entries(long first, long last) {
    return new Selection(
        BY_ENTRY,
        DlmsData.Structure.of(
            new DlmsData.DoubleLongUnsigned(first),
            new DlmsData.DoubleLongUnsigned(last),
            new DlmsData.LongUnsigned(1),
            new DlmsData.LongUnsigned(0)));
  }
}
