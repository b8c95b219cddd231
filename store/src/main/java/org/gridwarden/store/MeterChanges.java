package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/** What one transaction changes of meters. Not thread-safe. */
final class MeterChanges implements MeterRegistry.Changes {
  private final Connection connection;
  private final Set<MeterId> touched = new LinkedHashSet<>();

  MeterChanges(Connection connection) {
    this.connection = connection;
  }

  Set<MeterId> touched() {
    return touched;
  }

  @Override
  public Tx tx() {
    return new PgTx(connection);
  }

  @Override
  public boolean state(MeterId meter, Meter.State from, Meter.State to) {
    try (PreparedStatement s =
        connection.prepareStatement(
            "UPDATE meter SET state = ? WHERE meter_id = ? AND state = ?")) {
      s.setString(1, to.name());
      s.setString(2, meter.value());
      s.setString(3, from.name());
      touched.add(meter);
      return s.executeUpdate() == 1;
    } catch (SQLException e) {
      throw StoreException.of("changing a meter's state", e);
    }
  }

  @Override
  public int revokeKeys(MeterId meter) {
    try (PreparedStatement s =
        connection.prepareStatement(
            "UPDATE meter_key SET state = 'REVOKED', changed = now()"
                + " WHERE meter = (SELECT id FROM meter WHERE meter_id = ?)"
                + " AND state IN ('IN_FORCE', 'PENDING')")) {
      s.setString(1, meter.value());
      touched.add(meter);
      return s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("revoking a meter's keys", e);
    }
  }
}
