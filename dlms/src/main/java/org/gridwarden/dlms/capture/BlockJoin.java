package org.gridwarden.dlms.capture;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.gridwarden.dlms.DlmsData;

/** Joins the blocks of one long value, as far as a capture has them all. Not thread-safe. */
final class BlockJoin {
  /** The longest value that is joined, in bytes. */
  static final int MAX_VALUE = 16 << 20;

  private ByteArrayOutputStream blocks = new ByteArrayOutputStream(0);
  private long last;

  /** Whether a block is missing, or too much came: then nothing is joined. */
  private boolean broken;

  /** Takes a block; the whole value's bytes where it is the last one and none is missing. */
  Optional<byte[]> join(long number, boolean isLast, DlmsData.OctetString raw) {
    if (number == last && last > 0) {
      return Optional.empty(); // doubled
    }
    if (number == 1) {
      restart();
    }
    broken |= number != last + 1 || blocks.size() + raw.length() > MAX_VALUE;
    last = number;
    if (!broken) {
      blocks.writeBytes(raw.bytes());
    }
    if (!isLast) {
      return Optional.empty();
    }
    Optional<byte[]> whole = broken ? Optional.empty() : Optional.of(blocks.toByteArray());
    restart();
    return whole;
  }

  private void restart() {
    blocks = new ByteArrayOutputStream(0);
    last = 0;
    broken = false;
  }
}
