package org.gridwarden.store;

import org.gridwarden.core.MeterId;
import org.gridwarden.core.SendCounter;

/** C2: the block is committed before anybody may use a counter of it. Thread-safe. */
final class StoredSendCounter implements SendCounter {
  private final Transactions transactions;

  StoredSendCounter(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * @throws IllegalArgumentException where the block is not positive
   */
  @Override
  public long reserve(MeterId meter, byte[] keyId, int block) {
    if (block <= 0) {
      throw new IllegalArgumentException("a block of counters is positive, not " + block);
    }
    return transactions.run(
        "reserving counters",
        c -> {
          try (var s =
              c.prepareStatement(
                  "INSERT INTO send_counter AS k (meter, key_id, next) VALUES (?, ?, ?)"
                      + " ON CONFLICT (meter, key_id) DO UPDATE SET next = k.next + excluded.next"
                      + " RETURNING next")) {
            s.setString(1, meter.value());
            s.setBytes(2, keyId);
            s.setLong(3, block);
            try (var r = s.executeQuery()) {
              r.next();
              return r.getLong(1) - block;
            }
          }
        });
  }
}
