package org.gridwarden.dlms.meter;

import java.io.ByteArrayOutputStream;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/** A question on its way in in numbered blocks. Bounded; one thread at a time. */
final class LongQuestion {
  private static final int LONGEST = 64 << 10;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long number;

  /** Takes the next block, or says why it cannot be: then the whole question is of no use. */
  AccessResult take(long blockNumber, DlmsData.OctetString raw) {
    if (blockNumber != number + 1) {
      return AccessResult.DATA_BLOCK_NUMBER_INVALID;
    }
    if (raw.length() > LONGEST - bytes.size()) {
      return AccessResult.LONG_SET_ABORTED;
    }
    number = blockNumber;
    bytes.writeBytes(raw.bytes());
    return AccessResult.SUCCESS;
  }

  /** All that came. */
  byte[] bytes() {
    return bytes.toByteArray();
  }
}
