package org.gridwarden.store;

import java.time.LocalDate;

/**
 * Where a raw message lies in the evidence.
 *
 * @param segment its segment's number
 * @param day of receipt, UTC
 * @param offset where in the segment it begins, bytes
 * @param length bytes; 0 where there is no message, as with what the office noticed itself
 */
public record RawPlace(long segment, LocalDate day, int offset, int length) {
  static final RawPlace NONE = new RawPlace(0, LocalDate.EPOCH, 0, 0);
}
