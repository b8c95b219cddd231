package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SendCounter;

/**
 * C2: the block is committed before anybody may use a counter of it, and no faster than {@link
 * CounterAllowance} says. Thread-safe.
 */
final class StoredSendCounter implements SendCounter {
  private final Transactions transactions;
  private final InstantSource clock;

  StoredSendCounter(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * @throws IllegalArgumentException where the block is not positive
   * @throws StoreException where the key's counters are used up, or are taken too fast
   */
  @Override
  public long reserve(MeterId meter, byte[] keyId, int block) {
    if (block <= 0) {
      throw new IllegalArgumentException("a block of counters is positive, not " + block);
    }
    Instant now = clock.instant();
    Optional<Long> next =
        transactions.run("reserving counters", c -> reserve(c, meter, keyId, block, now));
    if (next.isEmpty()) {
      throw refusal(meter, keyId, block);
    }
    return next.get() - block;
  }

  private static Optional<Long> reserve(
      Connection c, MeterId meter, byte[] keyId, int block, Instant now) throws SQLException {
    try (var s =
        c.prepareStatement(
            "INSERT INTO send_counter AS k (meter, key_id, next, spent)"
                + " VALUES (?, ?, ?, ?::timestamptz + ? * interval '1 microsecond')"
                + " ON CONFLICT (meter, key_id) DO UPDATE SET next = k.next + ?,"
                + " spent = greatest(k.spent, ?) + ? * interval '1 microsecond'"
                + " WHERE (? OR k.next + ? <= ?)"
                + " AND k.spent <= ?::timestamptz + ? * interval '1 microsecond'"
                + " RETURNING next")) {
      var at = now.atOffset(ZoneOffset.UTC);
      long cost = CounterAllowance.cost(block).toNanos() / 1_000;
      int i = 0;
      s.setString(++i, meter.value());
      s.setBytes(++i, keyId);
      s.setLong(++i, block);
      s.setObject(++i, at);
      s.setLong(++i, cost);
      s.setLong(++i, block);
      s.setObject(++i, at);
      s.setLong(++i, cost);
      s.setBoolean(++i, CounterAllowance.wide(keyId));
      s.setLong(++i, block);
      s.setLong(++i, CounterAllowance.END);
      s.setObject(++i, at);
      s.setLong(++i, CounterAllowance.BURST.toNanos() / 1_000 - cost);
      try (var r = s.executeQuery()) {
        return r.next() ? Optional.of(r.getLong(1)) : Optional.empty();
      }
    }
  }

  private StoreException refusal(MeterId meter, byte[] keyId, int block) {
    boolean used =
        transactions.run(
            "reading a counter",
            c -> {
              try (var s =
                  c.prepareStatement(
                      "SELECT next + ? > ? FROM send_counter WHERE meter = ? AND key_id = ?")) {
                s.setLong(1, block);
                s.setLong(2, CounterAllowance.END);
                s.setString(3, meter.value());
                s.setBytes(4, keyId);
                try (var r = s.executeQuery()) {
                  return r.next() && r.getBoolean(1) && !CounterAllowance.wide(keyId);
                }
              }
            });
    return used
        ? StoreException.at(
            Fault.Code.CONFLICT,
            "meter " + meter,
            "the counters of its key are used up: nothing more is sent under it; change its"
                + " keys ('keys rotate "
                + meter
                + "')")
        : StoreException.at(
            Fault.Code.BUSY,
            "meter " + meter,
            "counters are taken faster than "
                + CounterAllowance.PER_SECOND
                + " a second over minutes: try again later");
  }
}
