package org.gridwarden.dlms;

import java.util.Arrays;

/**
 * What the blocks of a long service carry: the end of the APDU that would be sent if it were
 * shorter (IEC 62056-5-3, clauses 9.3.6 to 9.3.8 and 9.3.14). Pure functions; thread-safe.
 */
public final class LongService {
  private LongService() {}

  /**
   * An APDU's bytes without its head.
   *
   * @param head how many bytes are left out
   */
  public static byte[] body(Apdu apdu, int head) {
    byte[] whole = Apdus.encode(apdu);
    return Arrays.copyOfRange(whole, head, whole.length);
  }

  /**
   * The APDU that a head and joined blocks are.
   *
   * @param head its first bytes, 0 to 255 each
   * @throws DlmsException where they are none
   */
  public static Apdu whole(byte[] body, int... head) throws DlmsException {
    byte[] whole = new byte[head.length + body.length];
    for (int i = 0; i < head.length; i++) {
      whole[i] = (byte) head[i];
    }
    System.arraycopy(body, 0, whole, head.length, body.length);
    return Apdus.decode(whole);
  }
}
