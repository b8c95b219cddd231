package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Writes rows in PostgreSQL's binary COPY format (COPY's documentation, "Binary Format") through
 * one buffer that is used again. Not thread-safe.
 */
final class CopyWriter {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int FLUSH = 1 << 17;

  /** 2000-01-01, from which PostgreSQL counts its days and microseconds. */
  private static final long EPOCH_SECONDS = 946_684_800L;

  private static final int EPOCH_DAYS = 10_957;
  private static final int INT4_OID = 23;
  private static final int INT8_OID = 20;

  private final CopyIn copy;
  private byte[] buffer;
  private int size;

  private CopyWriter(CopyIn copy, byte[] buffer) {
    this.copy = copy;
    this.buffer = buffer;
  }

  /** Rows of one COPY. */
  @FunctionalInterface
  interface Rows {
    void write(CopyWriter out) throws SQLException;
  }

  /**
   * Copies into a table.
   *
   * @param target {@code table (column, …)}
   * @return how many rows went in
   */
  static long copy(Connection c, String target, Rows rows) throws SQLException {
    CopyIn copy =
        c.unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + target + " FROM STDIN (FORMAT binary)");
    boolean done = false;
    try {
      CopyWriter out = new CopyWriter(copy, new byte[FLUSH + (FLUSH >> 1)]);
      System.arraycopy(SIGNATURE, 0, out.buffer, 0, SIGNATURE.length);
      out.size = SIGNATURE.length;
      rows.write(out);
      out.row(-1);
      out.flush();
      long count = copy.endCopy();
      done = true;
      return count;
    } finally {
      if (!done && copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** Begins a row of so many fields. */
  void row(int fields) throws SQLException {
    if (size > FLUSH) {
      flush();
    }
    room(2);
    buffer[size] = (byte) (fields >> 8);
    buffer[size + 1] = (byte) fields;
    size += 2;
  }

  void nothing() {
    room(4);
    put4(-1);
  }

  void int2(int value) {
    room(6);
    put4(2);
    buffer[size] = (byte) (value >> 8);
    buffer[size + 1] = (byte) value;
    size += 2;
  }

  void int4(int value) {
    room(8);
    put4(4);
    put4(value);
  }

  void int8(long value) {
    room(12);
    put4(8);
    put8(value);
  }

  /**
   * @throws ArithmeticException where the date is beyond PostgreSQL's
   */
  void date(LocalDate value) {
    int4(Math.toIntExact(value.toEpochDay() - EPOCH_DAYS));
  }

  /**
   * To the microsecond.
   *
   * @throws ArithmeticException where the instant is beyond PostgreSQL's
   */
  void timestamp(Instant value) {
    int8(micros(value));
  }

  void bytes(byte[] value) {
    room(4 + value.length);
    put4(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  /** An int4[] of values that all fit. */
  void int4Array(long[] values) {
    room(24 + 8 * values.length);
    put4(20 + 8 * values.length);
    arrayHeader(INT4_OID, values.length);
    byte[] b = buffer;
    int at = size;
    for (long value : values) {
      int v = (int) value;
      b[at] = 0;
      b[at + 1] = 0;
      b[at + 2] = 0;
      b[at + 3] = 4;
      b[at + 4] = (byte) (v >> 24);
      b[at + 5] = (byte) (v >> 16);
      b[at + 6] = (byte) (v >> 8);
      b[at + 7] = (byte) v;
      at += 8;
    }
    size = at;
  }

  void int8Array(long[] values) {
    room(24 + 12 * values.length);
    put4(20 + 12 * values.length);
    arrayHeader(INT8_OID, values.length);
    for (long value : values) {
      put4(8);
      put8(value);
    }
  }

  static long micros(Instant value) {
    return Math.addExact(
        Math.multiplyExact(value.getEpochSecond() - EPOCH_SECONDS, 1_000_000L),
        value.getNano() / 1_000);
  }

  private void arrayHeader(int elementType, int length) {
    put4(1); // dimensions
    put4(0); // no nulls
    put4(elementType);
    put4(length);
    put4(1); // lower bound
  }

  private void put4(int value) {
    buffer[size] = (byte) (value >> 24);
    buffer[size + 1] = (byte) (value >> 16);
    buffer[size + 2] = (byte) (value >> 8);
    buffer[size + 3] = (byte) value;
    size += 4;
  }

  private void put8(long value) {
    put4((int) (value >> 32));
    put4((int) value);
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }

  private void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, size);
    size = 0;
  }
}
