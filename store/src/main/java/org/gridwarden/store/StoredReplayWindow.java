package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.ReplayWindow;
import org.gridwarden.core.Tx;

/** The replay window for one message at a time, as associations use it. Thread-safe. */
final class StoredReplayWindow implements ReplayWindow {
  private static final ChannelId NO_WAY = new ChannelId("office", "window");

  private final Rooms rooms;

  StoredReplayWindow(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * @throws StoreException where the meter is unknown, or its window was moved meanwhile: roll back
   *     and run the transaction again
   */
  @Override
  public Verdict accept(Tx tx, MessageId id) {
    int meter =
        rooms
            .dictionary()
            .meter(id.meter())
            .orElseThrow(() -> StoreException.at("meter " + id.meter(), "is not registered"));
    Instant now = rooms.clock().instant();
    rooms.partitions().ensure(Partitions.EVIDENCE, now);
    try {
      Connection c = PgTx.of(tx);
      boolean counted = Windows.counted(id);
      Windows windows = new Windows();
      windows.load(c, List.of(meter), List.of(id), List.of(counted));
      Verdict verdict = windows.verdict(meter, id, counted, now, rooms.dictionary().way(NO_WAY));
      windows.write(c);
      if (verdict == Verdict.NEW) {
        EvidenceWriter.index(c, now, meter, id, counted, windows);
      }
      return verdict;
    } catch (SQLException e) {
      throw StoreException.of("moving a replay window", e);
    }
  }
}
