package org.gridwarden.store;

import java.sql.SQLException;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Outbox;
import org.gridwarden.core.Tx;

/** Events written with the transition that made them. Thread-safe. */
final class StoredOutbox implements Outbox {
  @Override
  public void add(Tx tx, String topic, MeterId key, byte[] event) {
    try (var s =
        PgTx.of(tx).prepareStatement("INSERT INTO outbox (topic, meter, event) VALUES (?, ?, ?)")) {
      s.setString(1, topic);
      s.setString(2, key.value());
      s.setBytes(3, event);
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("writing to the outbox", e);
    }
  }
}
