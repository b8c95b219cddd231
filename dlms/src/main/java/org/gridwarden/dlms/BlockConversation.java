package org.gridwarden.dlms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One side of a question and its answer in general block transfer (IEC 62056-5-3, clause 9.4.6.13):
 * cuts what is sent into numbered blocks, as many in a row as the other side takes; joins what
 * comes; acknowledges; and sends from the first missing block on again. Does no input or output.
 * Not thread-safe.
 *
 * <p>A side's blocks are numbered from 1 through the whole conversation, its acknowledgements
 * without data included. A block without streaming ends a window: the other side has the word.
 * Memory is bounded by the greatest APDU: a block that comes before a missing one is not kept.
 */
public final class BlockConversation {
  /** How many blocks of the other side in a row may bring nothing new. */
  private static final int MOST_WITHOUT_PROGRESS = 256;

  private static final byte[] EMPTY = {};

  private final boolean asking;
  private final int blockSize;
  private final int window;
  private final int maxApdu;

  private byte[] out = EMPTY;
  private int before;
  private int lastNumber;
  private int number;
  private int acked;
  private int mostAcked;
  private int confirmed;
  private int peerWindow = 1;

  private byte[] joined = EMPTY;
  private int size;
  private int received;
  private boolean emptyLast;
  private boolean joinedAll;
  private int idle;

  /** What a block led to. */
  public sealed interface Step {
    /** Nothing is sent; more is to come. */
    record Wait() implements Step {}

    /** These are sent, in order. */
    record Send(List<byte[]> blocks) implements Step {}

    /**
     * The last block came.
     *
     * @param apdu what they join to
     */
    @SuppressWarnings("ArrayRecordComponent") // ownership passes to the caller
    record Complete(byte[] apdu) implements Step {}

    /**
     * The conversation is over, without a result.
     *
     * @param what what is wrong
     */
    record Broken(String what) implements Step {}
  }

  private static final Step WAIT = new Step.Wait();

  private BlockConversation(boolean asking, int blockSize, int window, int maxApdu) {
    Ranges.check(blockSize, 1, 0xFFFF, "block size");
    Ranges.check(window, 1, BlockTransfer.MAX_WINDOW, "window");
    this.asking = asking;
    this.blockSize = blockSize;
    this.window = window;
    this.maxApdu = maxApdu;
  }

  /**
   * The side that asks, and that sends again where the other one is silent.
   *
   * @param blockSize bytes of data in a block that is sent, 1 to 65,535
   * @param window how many blocks in a row this side takes, 1 to 63
   * @param maxApdu the greatest APDU that is joined, in bytes
   */
  public static BlockConversation asking(int blockSize, int window, int maxApdu) {
    return new BlockConversation(true, blockSize, window, maxApdu);
  }

  /** The side that answers, with the same parameters: it sends only when it was sent something. */
  public static BlockConversation answering(int blockSize, int window, int maxApdu) {
    return new BlockConversation(false, blockSize, window, maxApdu);
  }

  /**
   * Begins to send an APDU.
   *
   * @return the first window of blocks
   * @throws IllegalArgumentException where it is empty, or has more blocks than can be numbered
   */
  public List<byte[]> begin(byte[] apdu) {
    int blocks = (apdu.length + blockSize - 1) / blockSize;
    if (blocks == 0 || confirmed + blocks > 0xFFFF) {
      throw new IllegalArgumentException(blocks + " blocks cannot be numbered");
    }
    out = apdu;
    before = confirmed; // the number of an acknowledgement that nobody has seen is used again
    acked = before;
    number = before;
    lastNumber = before + blocks;
    return window();
  }

  /** Takes a block of the other side's. */
  public Step accept(BlockTransfer block) {
    peerWindow = Math.max(1, block.window());
    int hadReceived = received;
    // the latest word holds, even a lesser one: a block that comes late may have said too much
    acked = Math.clamp(block.acknowledged(), before, Math.min(number, lastNumber));
    confirmed = Math.max(confirmed, Math.min(block.acknowledged(), number));
    boolean wasAll = joinedAll;
    DlmsData.OctetString data = block.data();
    boolean next = block.number() == received + 1;
    // an acknowledgement that was told nobody has seen may have had this number before
    boolean instead = emptyLast && block.number() == received && data.length() > 0;
    if (next || instead) {
      if (data.length() > maxApdu - size) {
        return broken("transfer blocks join to more than the greatest APDU");
      }
      if (joinedAll && data.length() > 0) {
        return broken("a transfer block follows the last one");
      }
      received = block.number();
      emptyLast = data.length() == 0;
      append(data);
      joinedAll |= block.last() && size > 0;
      if (data.length() > 0 && number == lastNumber) {
        acked = lastNumber; // an answer shows that the whole question is there
      }
    }
    idle = acked <= mostAcked && received == hadReceived ? idle + 1 : 0;
    mostAcked = Math.max(mostAcked, acked);
    if (idle > MOST_WITHOUT_PROGRESS) {
      return broken("a block transfer does not get on");
    }
    if (joinedAll && !wasAll) {
      byte[] apdu = Arrays.copyOf(joined, size);
      joined = EMPTY;
      return new Step.Complete(apdu);
    }
    if (block.streaming() || (asking && received == hadReceived && isOld(block))) {
      return WAIT; // what came twice is not answered twice: this side has its own patience
    }
    if (acked < lastNumber) {
      return new Step.Send(window());
    }
    return joinedAll ? WAIT : new Step.Send(List.of(acknowledgement()));
  }

  /** What is sent where the other side was silent for too long; empty where nothing is missed. */
  public List<byte[]> again() {
    if (acked < lastNumber) {
      return window();
    }
    return joinedAll ? List.of() : List.of(acknowledgement());
  }

  private boolean isOld(BlockTransfer block) {
    return block.number() <= received && block.data().length() > 0;
  }

  private void append(DlmsData.OctetString data) {
    int length = data.length();
    if (length == 0) {
      return;
    }
    if (joined.length < size + length) {
      joined = Arrays.copyOf(joined, Math.min(maxApdu, Math.max(size + length, joined.length * 2)));
    }
    System.arraycopy(data.buffer(), data.from(), joined, size, length);
    size += length;
  }

  private List<byte[]> window() {
    int end = Math.min(acked + peerWindow, lastNumber);
    List<byte[]> blocks = new ArrayList<>();
    for (int n = acked + 1; n <= end; n++) {
      int from = (n - before - 1) * blockSize;
      DlmsData.OctetString data =
          new DlmsData.OctetString(out, from, Math.min(blockSize, out.length - from));
      blocks.add(
          Apdus.encode(new BlockTransfer(n == lastNumber, n != end, window, n, received, data)));
    }
    number = Math.max(number, end);
    return blocks;
  }

  /**
   * Tells up to which block all is here, under the same number until the other side has seen it.
   */
  private byte[] acknowledgement() {
    number = Math.min(0xFFFF, Math.max(confirmed, lastNumber) + 1);
    boolean nothingMore = asking || out.length > 0;
    return Apdus.encode(
        new BlockTransfer(
            nothingMore, false, window, number, received, DlmsData.OctetString.EMPTY));
  }

  private static Step broken(String what) {
    return new Step.Broken(what);
  }
}
