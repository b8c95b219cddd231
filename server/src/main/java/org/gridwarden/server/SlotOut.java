package org.gridwarden.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Text before a stream, for answers of thousands of slots: stamps and decimals are spelled into its
 * buffer, and nothing is allocated for a slot. A stream that fails is an {@link
 * UncheckedIOException}. Not thread-safe.
 */
final class SlotOut {
  private static final int SIZE = 32_768;

  /** Digits, point and zeros of a long with up to {@link #PLACES} places. */
  private static final int LONGEST = 24;

  private static final int PLACES = 18;

  private final OutputStream out;
  private final Stamps stamps = new Stamps();
  private final byte[] buffer = new byte[SIZE];
  private final byte[] digits = new byte[LONGEST];
  private int length;

  SlotOut(OutputStream out) {
    this.out = out;
  }

  /** Text as bytes of UTF-8, as {@link #bytes} makes them of what comes again with every slot. */
  SlotOut put(byte[] text) {
    return put(text, 0, text.length);
  }

  /** An instant, in seconds since 1970. */
  SlotOut stamp(long second) {
    return put(stamps.of(second));
  }

  /** The value {@code raw * 10^scaler} in plain notation, as a decimal would spell it. */
  SlotOut value(long raw, int scaler) {
    if (raw < 0 || scaler > 0 || scaler < -PLACES) {
      return put(bytes(BigDecimal.valueOf(raw).scaleByPowerOfTen(scaler).toPlainString()));
    }
    int places = -scaler;
    int at = LONGEST;
    long left = raw;
    for (int digit = 0; digit <= places || left != 0; digit++) {
      if (digit == places && places > 0) {
        digits[--at] = '.';
      }
      digits[--at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return put(digits, at, LONGEST - at);
  }

  /** Hands over what is in the buffer; the stream stays open. */
  void flush() {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    length = 0;
  }

  /** Text in UTF-8. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private SlotOut put(byte[] text, int from, int count) {
    int at = from;
    for (int left = count; left > 0; ) {
      if (length == SIZE) {
        flush();
      }
      int part = Math.min(left, SIZE - length);
      System.arraycopy(text, at, buffer, length, part);
      length += part;
      at += part;
      left -= part;
    }
    return this;
  }
}
