package org.gridwarden.dlms.hdlc;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import org.gridwarden.dlms.Llc;

/**
 * One side's numbered information (IEC 62056-46, clause 6.4.3.2): what is sent and not yet
 * acknowledged, and what is expected next.
 *
 * <p>The two sides speak in turn: a client polls with P, a meter ends its turn with F. So at the
 * begin of its turn a side knows that what the other has not acknowledged by then was lost, and
 * begins its burst there. What comes again, or out of order, is dropped: each frame is taken once.
 * With windows of at most 7 and numbers modulo 8 an old frame is never taken for a new one, as long
 * as the line does not overtake.
 *
 * <p>Not thread-safe.
 */
final class Transfer {
  private static final int MODULUS = 8;
  private static final byte[] EMPTY = {};

  private final Ends ends;
  private final int room;
  private final int window;
  private final int longest;

  /** From the oldest that is not acknowledged. */
  private final ArrayDeque<Segment> outgoing = new ArrayDeque<>();

  private long backlog;

  /** The number of the first in {@link #outgoing}, and how many of them were sent at least once. */
  private int first;

  private int sent;

  private int expected;
  private byte[] joined = EMPTY;
  private int size;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Segment(byte[] bytes, int from, int to) {
    boolean more() {
      return to < bytes.length;
    }
  }

  /** What became of a numbered frame. */
  sealed interface Taken {
    Taken DROPPED = new Dropped();
    Taken SEGMENT = new Part();
    Taken TOO_LONG = new TooLong();

    /** It came before, or one before it is missing. */
    record Dropped() implements Taken {}

    /** It is part of an APDU that is not whole; or of what is none. */
    record Part() implements Taken {}

    /** The last of an APDU, which it returns. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Apdu(byte[] bytes) implements Taken {}

    /** The segments join to more than is taken. */
    record TooLong() implements Taken {}
  }

  /**
   * @param maxApdu the longest APDU that is taken
   */
  Transfer(Ends ends, HdlcParameters agreed, int maxApdu) {
    this.ends = ends;
    this.room = agreed.maxTransmit();
    this.window = agreed.windowTransmit();
    this.longest = maxApdu + Llc.LENGTH;
  }

  // --- what goes out

  /**
   * Puts an APDU behind what is to be sent.
   *
   * @param withLlc with its LLC header; cut into segments here
   */
  void send(byte[] withLlc) {
    for (int from = 0; from < withLlc.length; from += room) {
      outgoing.add(new Segment(withLlc, from, Math.min(withLlc.length, from + room)));
    }
    backlog += withLlc.length;
  }

  /**
   * The other side has all before this number.
   *
   * @return false where it cannot have: the number is none of what was sent
   */
  boolean acknowledge(int number) {
    int count = (number - first) & (MODULUS - 1);
    if (count > sent) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      Segment gone = outgoing.remove();
      backlog -= gone.to() - gone.from();
    }
    sent -= count;
    first = number;
    return true;
  }

  /** How many bytes wait to be sent or acknowledged. */
  long backlog() {
    return backlog;
  }

  /** How many frames were sent and not acknowledged. */
  int unacknowledged() {
    return sent;
  }

  /** Whether frames wait that were never sent. */
  boolean hasUnsent() {
    return outgoing.size() > sent;
  }

  /**
   * A turn with information: all that is not acknowledged, as many frames as the window allows, the
   * last with the poll or final bit.
   *
   * @return false where there is none
   */
  boolean burst(ByteArrayOutputStream out) {
    int count = Math.min(window, outgoing.size());
    Iterator<Segment> segments = outgoing.iterator();
    for (int i = 0; i < count; i++) {
      Segment segment = segments.next();
      int number = (first + i) & (MODULUS - 1);
      Control control = new Control.Information(number, expected, i == count - 1);
      out.writeBytes(
          ends.frame(control, segment.more(), segment.bytes(), segment.from(), segment.to()));
    }
    sent = Math.max(sent, count);
    return count > 0;
  }

  /** A turn without information: RR, or RNR. */
  void supervise(ByteArrayOutputStream out, boolean ready) {
    out.writeBytes(ends.frame(new Control.Supervisory(ready, expected, true)));
  }

  // --- what comes in

  /** The number of the frame that is expected next. */
  int expected() {
    return expected;
  }

  /** The number of the frame that is sent next for the first time. */
  int next() {
    return (first + sent) & (MODULUS - 1);
  }

  /** Takes a numbered frame. */
  Taken take(int number, boolean more, byte[] information) {
    if (number != expected) {
      return Taken.DROPPED;
    }
    expected = (expected + 1) & (MODULUS - 1);
    if (information.length > longest - size) {
      clear();
      return Taken.TOO_LONG;
    }
    if (size + information.length > joined.length) {
      joined =
          Arrays.copyOf(
              joined,
              more ? Math.max(size + information.length, 2 * size) : size + information.length);
    }
    System.arraycopy(information, 0, joined, size, information.length);
    size += information.length;
    if (more) {
      return Taken.SEGMENT;
    }
    // what has no LLC header is no APDU (clause 5.3), and dropped
    Taken taken =
        size > Llc.LENGTH && Llc.at(joined, 0, size)
            ? new Taken.Apdu(Arrays.copyOfRange(joined, Llc.LENGTH, size))
            : Taken.SEGMENT;
    clear();
    return taken;
  }

  private void clear() {
    joined = EMPTY;
    size = 0;
  }
}
