package org.gridwarden.dlms;

/**
 * The three bytes of logical link control before an APDU in HDLC: E6 E6 00 to the meter, E6 E7 00
 * from it (IEC 62056-46, clause 5.3). Stateless.
 */
public final class Llc {
  /** How many bytes it has. */
  public static final int LENGTH = 3;

  private Llc() {}

  /** Whether they stand here, either of them. */
  public static boolean at(byte[] buf, int from, int to) {
    return to - from >= LENGTH
        && (buf[from] & 0xFF) == 0xE6
        && ((buf[from + 1] & 0xFF) == 0xE6 || (buf[from + 1] & 0xFF) == 0xE7)
        && buf[from + 2] == 0;
  }

  /** E6 E6 00 and a client's APDU. */
  public static byte[] toMeter(byte[] apdu) {
    return before(apdu, 0xE6);
  }

  /** E6 E7 00 and a meter's APDU. */
  public static byte[] fromMeter(byte[] apdu) {
    return before(apdu, 0xE7);
  }

  private static byte[] before(byte[] apdu, int sender) {
    byte[] all = new byte[LENGTH + apdu.length];
    all[0] = (byte) 0xE6;
    all[1] = (byte) sender;
    System.arraycopy(apdu, 0, all, LENGTH, apdu.length);
    return all;
  }
}
