package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The narrow table that takes single slots until they are folded. */
final class Landing {
  /** Bits of a sequence number that count within a batch. */
  static final int BATCH_BITS = 20;

  /** A single slot on its way in. */
  record Single(int meter, int channel, Instant start, long value, byte quality) {}

  private Landing() {}

  static int generation(Connection c) throws SQLException {
    try (var s = c.prepareStatement("SELECT current FROM landing_generation");
        var r = s.executeQuery()) {
      r.next();
      return r.getInt(1);
    }
  }

  static void write(Connection c, long segment, List<Single> slots) throws SQLException {
    if (slots.isEmpty()) {
      return;
    }
    int generation = generation(c);
    CopyWriter.copy(
        c,
        "landing_" + generation + " (start, value, seq, meter, channel, generation, quality)",
        out -> {
          long seq = segment << BATCH_BITS;
          long last = seq + (1 << BATCH_BITS) - 1;
          for (Single slot : slots) {
            out.row(7);
            out.timestamp(slot.start());
            out.int8(slot.value());
            out.int8(Math.min(seq++, last));
            out.int4(slot.meter());
            out.int4(slot.channel());
            out.int2(generation);
            out.int2(slot.quality() & 0xFF);
          }
        });
  }
}
