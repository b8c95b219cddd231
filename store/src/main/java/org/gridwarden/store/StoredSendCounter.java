package org.gridwarden.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.SendCounter;
import org.gridwarden.core.Tx;

/**
 * C2: the block is committed before anybody may use a counter of it. A key has counters of its own
 * from 0 on; they end for good below 2^32 where DLMS carries them (C4). Thread-safe.
 */
final class StoredSendCounter implements SendCounter {
  /** An invocation counter has 32 bits (IEC 62056-5-3, clause 9.2.3.3.7.3). */
  static final long END = 1L << 32;

  private static final byte[] SEAL = "seal/".getBytes(StandardCharsets.US_ASCII);

  private final Transactions transactions;

  StoredSendCounter(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Under which name a key's counters are kept: a seal's are not those of any other key. */
  static byte[] name(Purpose purpose, byte[] keyId) {
    if (purpose != Purpose.COMMAND_SEAL) {
      return keyId;
    }
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    name.writeBytes(SEAL);
    name.writeBytes(keyId);
    return name.toByteArray();
  }

  /**
   * @throws IllegalArgumentException where the block is not positive
   * @throws StoreException where the key's counters are used up: it must be changed
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
              long next = r.getLong(1);
              if (next > END && !isSeal(keyId)) {
                throw StoreException.at(
                    "meter " + meter,
                    "the counters of its key are used up: nothing more is sent under it; change its"
                        + " keys ('keys rotate "
                        + meter
                        + "')");
              }
              return next - block;
            }
          }
        });
  }

  /** As {@link KeyBook#leap}. */
  static int leap(Tx tx, long counters) {
    if (counters <= 0) {
      throw new IllegalArgumentException("counters are passed over forwards only");
    }
    try (PreparedStatement all =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO send_counter AS s (meter, key_id, next) SELECT m.meter_id,"
                    + " CASE k.purpose WHEN 2 THEN 'seal/'::bytea || k.key_id ELSE k.key_id END,"
                    + " ? FROM meter_key k JOIN meter m ON m.id = k.meter"
                    + " WHERE k.purpose IN (0, 2) AND k.state IN ('IN_FORCE', 'PENDING')"
                    + " ON CONFLICT (meter, key_id) DO UPDATE SET next = s.next + excluded.next")) {
      all.setLong(1, counters);
      return all.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("passing over counters", e);
    }
  }

  private static boolean isSeal(byte[] name) {
    return name.length > SEAL.length && Arrays.equals(SEAL, Arrays.copyOf(name, SEAL.length));
  }
}
