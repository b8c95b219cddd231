package org.gridwarden.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Warning;

/** Values that came for a slot and do not stand in it, and the events that tell of them. */
final class Revisions {
  private Revisions() {}

  static void write(Connection c, List<DayRow> rows) throws SQLException {
    try (var s =
        c.prepareStatement(
            "INSERT INTO slot_revision (start, value, meter, channel, layer, quality)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      for (DayRow row : rows) {
        for (DayRow.Revision revision : row.revisions()) {
          s.setObject(1, revision.start().atOffset(ZoneOffset.UTC));
          s.setLong(2, revision.value());
          s.setInt(3, row.key().meter());
          s.setInt(4, row.key().channel());
          s.setInt(5, row.key().layer().ordinal());
          s.setInt(6, revision.quality());
          s.addBatch();
        }
      }
      s.executeBatch();
    }
  }

  /** One event a day of a channel, the same whenever it is told again. */
  static List<Warning> warnings(List<DayRow> rows, IntFunction<MeterId> name, Channels channels) {
    List<Warning> warnings = new ArrayList<>();
    for (DayRow row : rows) {
      if (row.key().layer() == Layer.RAW) {
        String code = channels.byId(row.key().channel()).obis().toString();
        warnings.add(
            new Warning(
                name.apply(row.key().meter()),
                id("slot.revised", row.key().toString()),
                row.start(),
                "slot.revised",
                Severity.ATTENTION,
                "Slots of "
                    + code
                    + " on "
                    + row.key().day()
                    + " came again with other values; both are kept.",
                Warning.Source.OFFICE));
      }
    }
    return warnings;
  }

  /** An id that follows from what the event tells: the first 122 bits of SHA-256, version 8. */
  static EventId id(String code, String what) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((code + "\n" + what).getBytes(StandardCharsets.UTF_8));
      ByteBuffer bits = ByteBuffer.wrap(hash);
      long high = bits.getLong() & ~0xF000L | 0x8000L;
      long low = bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
      return new EventId(new UUID(high, low));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
