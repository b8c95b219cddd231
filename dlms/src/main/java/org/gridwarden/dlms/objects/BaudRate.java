package org.gridwarden.dlms.objects;

import java.util.List;
import org.gridwarden.dlms.DlmsData;

/** Baud rates as an enum, alike in the classes 19, 23, 27 and 74 (IEC 62056-6-2 clause 4.7). */
final class BaudRate {
  private static final List<Integer> RATES =
      List.of(300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200);

  private BaudRate() {}

  static AttributeType type() {
    return AttributeType.enumerated(RATES.size() - 1);
  }

  /** The enum of a rate in bits a second. */
  static DlmsData.Enumerated of(int baud) {
    int code = RATES.indexOf(baud);
    if (code < 0) {
      throw new IllegalArgumentException("no baud rate " + baud);
    }
    return new DlmsData.Enumerated(code);
  }

  /** The rate in bits a second. */
  static int baud(TypedAttribute attribute) {
    return RATES.get((int) attribute.number());
  }
}
