package org.gridwarden.dlms.meter;

import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/** An answer on its way out in numbered blocks. One thread at a time. */
final class LongAnswer {
  private final byte[] bytes;
  private int at;
  private long number;

  LongAnswer(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The block that was sent last, from 1; 0 before the first. */
  long number() {
    return number;
  }

  /** The next block, of at most so many bytes; not after the last. */
  Service.Block next(int most) {
    int from = at;
    at += Math.min(Math.max(1, most), bytes.length - at);
    return new Service.Block(
        at == bytes.length, ++number, DlmsData.OctetString.window(bytes, from, at - from));
  }
}
