package org.gridwarden.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum that PostgreSQL keeps in each page (storage/checksum_impl.h): 32 interleaved sums of
 * a FNV-1a variant over 32-bit words, folded with the page's number to 16 bits. Computed here, so
 * that damaged files can be looked at without a server. Not thread-safe.
 */
final class PageChecksum {
  /** A page's size, in bytes. */
  static final int PAGE = 8_192;

  private static final int SUMS = 32;
  private static final int PRIME = 16_777_619;
  private static final int CHECKSUM_AT = 8;
  private static final int UPPER_AT = 14;

  private static final int[] BASE = {
    0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
    0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
    0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
    0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
  };

  private final int[] sums = new int[SUMS];

  /**
   * Whether a page is as it was written. A page that was never written to is.
   *
   * @param page {@link #PAGE} bytes from its position on, of which nothing is changed
   * @param block its number within the relation, unsigned 32 bits
   */
  boolean holds(ByteBuffer page, long block) {
    ByteBuffer words = page.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (words.getShort(UPPER_AT) == 0) {
      return untouched(words);
    }
    System.arraycopy(BASE, 0, sums, 0, SUMS);
    for (int at = 0; at < PAGE; at += SUMS * Integer.BYTES) {
      for (int j = 0; j < SUMS; j++) {
        int offset = at + j * Integer.BYTES;
        int word = words.getInt(offset);
        if (offset == CHECKSUM_AT) {
          word &= 0xFFFF_0000; // the checksum itself counts as zero
        }
        sums[j] = mix(sums[j], word);
      }
    }
    for (int round = 0; round < 2; round++) {
      for (int j = 0; j < SUMS; j++) {
        sums[j] = mix(sums[j], 0);
      }
    }
    int folded = 0;
    for (int sum : sums) {
      folded ^= sum;
    }
    int checksum = Integer.remainderUnsigned(folded ^ (int) block, 65_535) + 1;
    return checksum == (words.getShort(CHECKSUM_AT) & 0xFFFF);
  }

  private static int mix(int sum, int word) {
    int mixed = sum ^ word;
    return mixed * PRIME ^ mixed >>> 17;
  }

  private static boolean untouched(ByteBuffer words) {
    for (int at = 0; at < PAGE; at += Long.BYTES) {
      if (words.getLong(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
