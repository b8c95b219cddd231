package org.gridwarden.dlms.client;

import java.util.Arrays;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;

/** A long value that comes, or goes, in numbered blocks. One thread at a time. */
final class LongValue {
  private static final int LONGEST = 16 << 20;

  private byte[] bytes = {};
  private int size;
  private long number;

  /**
   * Takes the next block.
   *
   * @return its number, that asks for the one after it
   * @throws DlmsException where it is not the next, empty without being the last, or too much
   */
  long take(boolean last, long blockNumber, DlmsData.OctetString raw) throws DlmsException {
    number++;
    if (blockNumber != number) {
      throw Exchange.broken("block " + number + " was asked for, and " + blockNumber + " came");
    }
    if (raw.length() == 0 && !last) {
      throw Exchange.broken("block " + number + " is empty and not the last");
    }
    if (raw.length() > LONGEST - size) {
      throw Exchange.broken("a value of more than " + LONGEST + " bytes");
    }
    if (raw.length() > bytes.length - size) {
      // of the last block no more will come
      int wanted = size + raw.length();
      bytes = Arrays.copyOf(bytes, last ? wanted : 2 * wanted);
    }
    raw.copyTo(bytes, size);
    size += raw.length();
    return number;
  }

  /** All that came. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** The value that came; nothing is taken afterwards. */
  DlmsData data() throws DlmsException {
    return Axdr.decode(bytes, 0, size);
  }

  /** What is sent next of a long value. */
  static final class Cutter {
    private final byte[] whole;
    private int at;
    private long number;

    Cutter(byte[] whole) {
      this.whole = whole;
    }

    /** The next block, of at most so many bytes. */
    Service.Block next(int most) {
      int length = Math.min(Math.max(1, most), whole.length - at);
      DlmsData.OctetString raw = DlmsData.OctetString.window(whole, at, length);
      at += length;
      return new Service.Block(at == whole.length, ++number, raw);
    }

    /** Whether the last block has been cut. */
    boolean isDone() {
      return at == whole.length;
    }

    long number() {
      return number;
    }
  }
}
