package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gridwarden.core.Blocks;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/** Blocks for those who merge days within a transaction of their own. Thread-safe. */
final class StoredBlocks implements Blocks {
  private final Rooms rooms;

  StoredBlocks(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * @throws StoreException where a meter is not registered, or another transaction was first: roll
   *     back and run the transaction again
   */
  @Override
  public void merge(Tx tx, List<IntervalBlock> blocks) {
    Connection c = PgTx.of(tx);
    blocks.forEach(b -> rooms.partitions().ensure(Partitions.BLOCKS, b.day().date()));
    ChannelChoice choice = new ChannelChoice(rooms.channels());
    try {
      rooms.dictionary().learn(c, blocks.stream().map(IntervalBlock::meter).toList());
      List<DayRows.Arrival> arrivals = new ArrayList<>(blocks.size());
      rooms.channels().learn(c, blocks.stream().map(b -> number(b.meter())).distinct().toList());
      for (IntervalBlock b : blocks) {
        int seconds = Math.toIntExact(b.day().slot().toSeconds());
        var placed =
            choice.many(
                number(b.meter()),
                Channels.INTERVAL,
                b.channel(),
                seconds,
                b.unit(),
                b.scaler(),
                b.values(),
                b.quality());
        arrivals.add(
            new DayRows.Arrival(
                new DayRow.Key(number(b.meter()), placed.row().id(), b.layer(), b.day().date()),
                b.day().start(),
                seconds,
                placed.values(),
                b.quality()));
      }
      choice.write(c);
      choice.forget(); // whether this commits is the caller's to say: looked up again next time
      DayRows rows = new DayRows(true);
      try (var s = c.createStatement()) {
        s.execute(Transactions.BY_KEY);
        rows.merge(c, arrivals, true);
        s.execute(Transactions.BY_KEY_NO_MORE); // the caller's transaction goes on
      }
      rows.write(c);
      Events.write(
          c,
          rooms.dictionary(),
          Revisions.warnings(rows.revised(), rooms.dictionary()::name, rooms.channels()),
          id -> RawPlace.NONE);
    } catch (SQLException e) {
      throw StoreException.of("merging days", e);
    }
  }

  @Override
  public Stream<IntervalBlock> read(MeterId meter, Layer layer, Instant from, Instant to) {
    return rooms.readings().blocks(meter, layer, from, to);
  }

  private int number(MeterId meter) {
    return rooms
        .dictionary()
        .meter(meter)
        .orElseThrow(() -> StoreException.at("meter " + meter, "is not registered"));
  }
}
