package org.gridwarden.channel.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads encoded values one after the other (AMQP 1.0, part 1, clause 1.6), and nothing beyond its
 * bounds. What it does not want it passes over by its stated size: it neither descends nor
 * allocates by a count. One thread.
 */
final class Encoded {
  static final int NULL = 0x40;

  private static final int DESCRIBED = 0x00;
  private static final int ULONG_0 = 0x44;
  private static final int ULONG_SMALL = 0x53;
  private static final int ULONG = 0x80;
  private static final int LIST_0 = 0x45;
  private static final int LIST_8 = 0xC0;
  private static final int LIST_32 = 0xD0;
  private static final int BINARY_8 = 0xA0;
  private static final int STRING_8 = 0xA1;
  private static final int SYMBOL_8 = 0xA3;
  private static final int BINARY_32 = 0xB0;
  private static final int STRING_32 = 0xB1;
  private static final int SYMBOL_32 = 0xB3;
  private static final int DEEPEST = 3; // a described value, whose descriptor is described

  private final byte[] bytes;
  private final int end;
  private int at;

  Encoded(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Whether there is another value. */
  boolean hasNext() {
    return at < end;
  }

  /** Where the next value begins. */
  int position() {
    return at;
  }

  /** The next value's constructor; it stays the next. */
  int code() throws AmqpException {
    if (at >= end) {
      throw new AmqpException("a value is missing");
    }
    return bytes[at] & 0xFF;
  }

  /** Passes over a value. */
  void skip() throws AmqpException {
    skip(DEEPEST);
  }

  private void skip(int depth) throws AmqpException {
    int code = code();
    if (code == DESCRIBED) {
      if (depth == 0) {
        throw new AmqpException("a value is described too often");
      }
      at++;
      skip(depth - 1);
      skip(depth - 1);
      return;
    }
    long length =
        switch (code >>> 4) {
          case 0x4 -> 1;
          case 0x5 -> 2;
          case 0x6 -> 3;
          case 0x7 -> 5;
          case 0x8 -> 9;
          case 0x9 -> 17;
          case 0xA, 0xC, 0xE -> 2L + number(at + 1, 1);
          case 0xB, 0xD, 0xF -> 5L + number(at + 1, 4);
          default -> throw new AmqpException("0x" + Integer.toHexString(code) + " is no type");
        };
    if (length > end - at) {
      throw new AmqpException("a value is longer than what came");
    }
    at += (int) length;
  }

  private long number(int from, int size) throws AmqpException {
    if (size > end - from) {
      throw new AmqpException("a number is missing");
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | bytes[from + i] & 0xFF;
    }
    return value;
  }

  /** Whether the next value has a descriptor. */
  boolean isDescribed() throws AmqpException {
    return code() == DESCRIBED;
  }

  /** Takes a descriptor, as a number; other ones are not spoken here. */
  long descriptor() throws AmqpException {
    if (!isDescribed()) {
      throw new AmqpException("a described value is missing");
    }
    at++;
    int code = code();
    if (code != ULONG_0 && code != ULONG_SMALL && code != ULONG) {
      throw new AmqpException("a descriptor is no number");
    }
    int from = at + 1;
    skip(0);
    return number(from, at - from);
  }

  /** Takes a list, and gives its items. */
  Encoded list() throws AmqpException {
    int code = code();
    int from = at;
    skip(0);
    int head =
        switch (code) {
          case LIST_0 -> 1;
          case LIST_8 -> 3;
          case LIST_32 -> 9;
          default -> throw new AmqpException("a list is missing");
        };
    if (from + head > at) {
      throw new AmqpException("a list is shorter than its count");
    }
    return new Encoded(bytes, from + head, at);
  }

  /** Takes a string; empty for anything else. */
  Optional<String> string() throws AmqpException {
    int code = code();
    return text(code, code == STRING_8, code == STRING_32);
  }

  /** Takes a symbol; empty for anything else. */
  Optional<String> symbol() throws AmqpException {
    int code = code();
    return text(code, code == SYMBOL_8, code == SYMBOL_32);
  }

  private Optional<String> text(int code, boolean small, boolean large) throws AmqpException {
    int from = at + (small ? 2 : 5);
    skip();
    return small || large
        ? Optional.of(new String(bytes, from, at - from, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Takes bytes, as a copy; empty for anything else. */
  Optional<byte[]> binary() throws AmqpException {
    int code = code();
    int from = at + (code == BINARY_8 ? 2 : 5);
    skip();
    return code == BINARY_8 || code == BINARY_32
        ? Optional.of(Arrays.copyOfRange(bytes, from, at))
        : Optional.empty();
  }

  /** Takes a number without a sign of at most 32 bits; empty for anything else. */
  Optional<Long> uint() throws AmqpException {
    int code = code();
    int from = at + 1;
    skip();
    return switch (code) {
      case 0x43 -> Optional.of(0L);
      case 0x50, 0x52, 0x60, 0x70 -> Optional.of(number(from, at - from));
      default -> Optional.empty();
    };
  }

  /**
   * Takes a value.
   *
   * @return it as it was encoded, where it is a truth value, a number, bytes or a string; else null
   *     in its place
   */
  byte[] plain() throws AmqpException {
    int code = code();
    int from = at;
    skip();
    boolean plain =
        switch (code >>> 4) {
          case 0x4 -> code != LIST_0;
          case 0x5, 0x6, 0x7, 0x8, 0x9 -> true;
          case 0xA -> code == BINARY_8 || code == STRING_8;
          case 0xB -> code == BINARY_32 || code == STRING_32;
          default -> false;
        };
    return plain ? Arrays.copyOfRange(bytes, from, at) : new byte[] {(byte) NULL};
  }
}
