package org.gridwarden.channel.sip;

import java.util.Arrays;
import java.util.Optional;

/**
 * A connection's bytes as messages (RFC 3261, clause 18.3). Holds no more than has come, and never
 * more than a head and a body may have; a body is begun once its length is known to be allowed. One
 * thread.
 */
final class Framer {
  private static final int FIRST = 1024;

  private final int maxHead;
  private final int maxBody;
  private byte[] held = new byte[FIRST];
  private int size;
  private int looked; // so far no head ends before
  private Optional<Head> head = Optional.empty();
  private int headLength;
  private int bodyLength;

  /** What is whole. */
  sealed interface Next {
    /** Nothing yet. */
    record Nothing() implements Next {}

    /** Two empty lines: the other end asks whether this one lives (RFC 5626, clause 3.5.1). */
    record Ping() implements Next {}

    /**
     * A message.
     *
     * @param length in bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // made for who takes it
    record Message(Head head, byte[] body, int length) implements Next {}

    /**
     * Nothing can be read any more: where a message ends is not known.
     *
     * @param head of what is to be refused; empty where there is none
     */
    record Broken(Optional<Head> head, int length, SipException why) implements Next {}
  }

  Framer(int maxHead, int maxBody) {
    this.maxHead = maxHead;
    this.maxBody = maxBody;
  }

  /** Takes what was read; {@link #next} is to be asked until it gives nothing. */
  void take(byte[] bytes, int length) {
    if (size + length > held.length) {
      held = Arrays.copyOf(held, Math.max(size + length, held.length * 2));
    }
    System.arraycopy(bytes, 0, held, size, length);
    size += length;
  }

  /** Whether a message has begun, and is not whole. */
  boolean isWithin() {
    return head.isPresent() || size > (isEmptyLine(0) ? 3 : 0);
  }

  Next next() {
    if (head.isEmpty()) {
      if (isEmptyLine(0) && size < 4) {
        return new Next.Nothing(); // a ping's first half, or an empty line before a message
      }
      if (isEmptyLine(0)) {
        boolean ping = isEmptyLine(2);
        drop(ping ? 4 : 2);
        if (ping) {
          return new Next.Ping();
        }
      }
      int end = Head.end(held, looked - 3, size);
      looked = size;
      if (end < 0 ? size > maxHead : end > maxHead) {
        return broken(new SipException(513, "a head has more than " + maxHead + " bytes"));
      }
      if (end < 0) {
        return new Next.Nothing();
      }
      try {
        Head read = Head.parse(held, 0, end);
        head = Optional.of(read);
        headLength = end;
        bodyLength = read.bodyLength(maxBody);
        if (bodyLength < 0) {
          throw SipException.malformed("on a connection each message says its length");
        }
      } catch (SipException e) {
        return broken(e);
      }
    }
    if (size < headLength + bodyLength) {
      return new Next.Nothing();
    }
    Next.Message whole =
        new Next.Message(
            head.orElseThrow(),
            Arrays.copyOfRange(held, headLength, headLength + bodyLength),
            headLength + bodyLength);
    head = Optional.empty();
    drop(whole.length());
    return whole;
  }

  private Next broken(SipException why) {
    Optional<Head> of = head;
    head = Optional.empty();
    int length = size;
    drop(size);
    return new Next.Broken(of, length, why);
  }

  private boolean isEmptyLine(int at) {
    return size >= at + 2 && held[at] == '\r' && held[at + 1] == '\n';
  }

  private void drop(int length) {
    int left = size - length;
    byte[] rest = new byte[Math.max(FIRST, left)];
    System.arraycopy(held, length, rest, 0, left);
    held = rest;
    size = left;
    looked = 0;
  }
}
