package org.gridwarden.dlms.capture;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * One direction of a TCP connection, put in order: what came early waits, what came again is left
 * out, what the capture lacks is a gap. Holds at most {@link #MAX_WAITING} bytes that wait. Not
 * thread-safe.
 */
final class TcpStream {
  /** More than a window that is not scaled: what waits for longer was not captured. */
  static final int MAX_WAITING = 256 * 1024;

  private static final int MAX_SEGMENTS = 512;

  /** Takes what the stream says, in order. */
  interface Reader {
    /** The next bytes, owned by the reader. */
    void data(byte[] bytes);

    /** So many bytes are missing here. */
    void gap(long missing);

    /** A segment came that had been here before. */
    void repeated();
  }

  private final Reader reader;
  private final TreeMap<Long, byte[]> waiting = new TreeMap<>();
  private int waitingBytes;
  private boolean begun;

  /** Where the next byte belongs, in bytes since the first that was seen. */
  private long next;

  /** The 32-bit sequence number of {@code next}. */
  private int nextSequence;

  TcpStream(Reader reader) {
    this.reader = reader;
  }

  /** Whether a byte was seen. */
  boolean begun() {
    return begun;
  }

  /** A connection begins: the next byte has the number behind the SYN's. */
  void begin(int synSequence) {
    waiting.clear();
    waitingBytes = 0;
    begun = true;
    next = 0;
    nextSequence = synSequence + 1;
  }

  /**
   * Takes a segment.
   *
   * @param missing how many bytes at its end the capture did not keep
   */
  void take(int sequence, byte[] payload, int missing) {
    if (!begun) {
      begun = true;
      nextSequence = sequence;
    }
    long at = place(sequence);
    if (at + payload.length + missing <= next) {
      // one byte of what was there already asks whether the peer is still there
      if (payload.length > 1) {
        reader.repeated();
      }
      return;
    }
    if (at > next) {
      hold(at, payload);
    } else {
      give(at, payload);
      drain();
    }
    if (missing > 0 && at + payload.length == next) {
      skipTo(next + missing);
      drain();
    }
  }

  /**
   * The other side has all up to here: what waits for something before that waits in vain.
   *
   * @param acknowledged the sequence number that it waits for
   */
  void acknowledged(int acknowledged) {
    while (begun && !waiting.isEmpty() && waiting.firstKey() < place(acknowledged)) {
      skipTo(waiting.firstKey());
      drain();
    }
  }

  /** Nothing more comes: what waits is given behind its gap. */
  void end() {
    while (!waiting.isEmpty()) {
      skipTo(waiting.firstKey());
      drain();
    }
  }

  /** Sequence numbers begin again after 2^32: the nearest place is meant. */
  private long place(int sequence) {
    return next + (sequence - nextSequence);
  }

  private void hold(long at, byte[] payload) {
    byte[] there = waiting.get(at);
    if (there != null && there.length >= payload.length) {
      reader.repeated();
      return;
    }
    waiting.put(at, payload);
    waitingBytes += payload.length - (there == null ? 0 : there.length);
    while (waitingBytes > MAX_WAITING || waiting.size() > MAX_SEGMENTS) {
      skipTo(waiting.firstKey());
      drain();
    }
  }

  /** Bytes that begin here or before. */
  private void give(long at, byte[] payload) {
    int known = (int) (next - at);
    if (known > 0) {
      reader.repeated();
    }
    advance(next + payload.length - known);
    reader.data(known == 0 ? payload : Arrays.copyOfRange(payload, known, payload.length));
  }

  private void drain() {
    while (!waiting.isEmpty() && waiting.firstKey() <= next) {
      Map.Entry<Long, byte[]> first = waiting.pollFirstEntry();
      byte[] payload = first.getValue();
      waitingBytes -= payload.length;
      if (first.getKey() + payload.length > next) {
        give(first.getKey(), payload);
      }
    }
  }

  private void skipTo(long place) {
    if (place > next) {
      reader.gap(place - next);
      advance(place);
    }
  }

  private void advance(long place) {
    nextSequence += (int) (place - next);
    next = place;
  }
}
