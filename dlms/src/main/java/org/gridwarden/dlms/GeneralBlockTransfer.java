package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * General block transfer (IEC 62056-5-3, clause 6.2.19 and APDU E0) as pushes use it: one side
 * sends numbered blocks, the other joins them. This object joins the blocks of one sender; a block
 * that comes again is ignored, one that comes out of order shows that another was lost and ends the
 * transfer, since a push has nobody to ask for it again. Not thread-safe.
 */
public final class GeneralBlockTransfer {
  private static final int TAG = 0xE0;
  private static final byte[] EMPTY = {};

  private final int maxApdu;
  private byte[] joined = EMPTY;
  private int size;
  private int firstSize;
  private int lastFrom;
  private int number;
  private int completed;

  /**
   * @param maxApdu the greatest APDU that is joined, in bytes
   */
  public GeneralBlockTransfer(int maxApdu) {
    this.maxApdu = maxApdu;
  }

  /** What a block led to. */
  public sealed interface Result {
    /**
     * The last block came.
     *
     * @param apdu the joined APDU
     */
    @SuppressWarnings("ArrayRecordComponent") // ownership passes to the caller
    record Complete(byte[] apdu) implements Result {}

    /** The block was taken, or was here already; more are to come. */
    record Pending() implements Result {}

    /**
     * The transfer is broken off, and what was joined is forgotten.
     *
     * @param what what is wrong
     */
    record Broken(String what) implements Result {}
  }

  private static final Result PENDING = new Result.Pending();

  /** Whether an APDU is a block of a general block transfer. */
  public static boolean isBlock(byte[] apdu) {
    return apdu.length > 0 && (apdu[0] & 0xFF) == TAG;
  }

  /** How many bytes wait for their last block. */
  public int pending() {
    return size;
  }

  /** Takes the next block, a whole APDU that begins with E0. */
  public Result accept(byte[] apdu) {
    int from = isBlock(apdu) ? BlockTransferCodec.data(apdu, 0, apdu.length) : -1;
    if (from < 0) {
      return broken(BlockTransferCodec.MALFORMED);
    }
    boolean last = BlockTransferCodec.last(apdu, 0);
    if (from == apdu.length && !last) {
      return PENDING; // an acknowledgement, which carries no data
    }
    return place(apdu, from, BlockTransferCodec.number(apdu, 0), last);
  }

  private Result place(byte[] block, int from, int blockNumber, boolean last) {
    if (blockNumber == number + 1) {
      return append(block, from, last);
    }
    if (number == 0) {
      // a last block may be told twice: the transfer it ends is here already
      return last && blockNumber == completed && completed > 0
          ? PENDING
          : broken("a transfer block comes without its beginning");
    }
    if (blockNumber == 1 && !same(block, from, 0, firstSize)) {
      reset(); // the sender has begun something else
      return append(block, from, last);
    }
    if (blockNumber == number && !same(block, from, lastFrom, size)) {
      return broken("a transfer block comes again with other data");
    }
    if (blockNumber == 0 || blockNumber > number) {
      return broken("a transfer block was lost");
    }
    return PENDING; // doubled
  }

  private Result append(byte[] block, int from, boolean last) {
    int length = block.length - from;
    if (length > maxApdu - size) {
      return broken("transfer blocks join to more than the greatest APDU");
    }
    if (number == 0xFFFF) {
      return broken("a transfer has more than 65,535 blocks");
    }
    if (last && size == 0) {
      reset();
      completed = 1;
      return new Result.Complete(Arrays.copyOfRange(block, from, block.length));
    }
    if (joined.length < size + length) {
      joined = Arrays.copyOf(joined, Math.min(maxApdu, Math.max(size + length, joined.length * 2)));
    }
    System.arraycopy(block, from, joined, size, length);
    lastFrom = size;
    size += length;
    if (++number == 1) {
      firstSize = length;
    }
    if (!last) {
      return PENDING;
    }
    byte[] apdu = Arrays.copyOf(joined, size);
    int blocks = number;
    reset();
    completed = blocks;
    return new Result.Complete(apdu);
  }

  private boolean same(byte[] block, int from, int first, int end) {
    return Arrays.equals(block, from, block.length, joined, first, end);
  }

  private Result broken(String what) {
    reset();
    return new Result.Broken(what);
  }

  /** Forgets what was joined. */
  void reset() {
    joined = EMPTY;
    size = 0;
    firstSize = 0;
    lastFrom = 0;
    number = 0;
    completed = 0;
  }

  /**
   * Cuts an APDU into streamed blocks: none waits for an acknowledgement.
   *
   * @param apdu at least one byte
   * @param blockSize bytes of data a block, 1 to 65,535
   * @return the blocks, APDUs themselves
   * @throws IllegalArgumentException where there would be more than 65,535 of them
   */
  public static List<byte[]> split(byte[] apdu, int blockSize) {
    if (apdu.length == 0 || blockSize < 1 || blockSize > 0xFFFF) {
      throw new IllegalArgumentException("a block holds 1 to 65,535 bytes, not " + blockSize);
    }
    int blocks = (apdu.length + blockSize - 1) / blockSize;
    if (blocks > 0xFFFF) {
      throw new IllegalArgumentException(blocks + " blocks are more than can be numbered");
    }
    List<byte[]> out = new ArrayList<>(blocks);
    for (int i = 0; i < blocks; i++) {
      int from = i * blockSize;
      int length = Math.min(blockSize, apdu.length - from);
      DlmsData.OctetString data = new DlmsData.OctetString(apdu, from, length);
      out.add(Apdus.encode(new BlockTransfer(i + 1 == blocks, true, 0, i + 1, 0, data)));
    }
    return out;
  }
}
