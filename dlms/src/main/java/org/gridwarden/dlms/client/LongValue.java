package org.gridwarden.dlms.client;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;

/** A long value that comes, or goes, in numbered blocks. One thread at a time. */
final class LongValue {
  private static final int LONGEST = 16 << 20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
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
    if (bytes.size() + raw.length() > LONGEST) {
      throw Exchange.broken("a value of more than " + LONGEST + " bytes");
    }
    bytes.writeBytes(raw.bytes());
    return number;
  }

  /** All that came. */
  byte[] bytes() {
    return bytes.toByteArray();
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
      DlmsData.OctetString raw =
          DlmsData.OctetString.of(Arrays.copyOfRange(whole, at, at + length));
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
