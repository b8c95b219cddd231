package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.ShipmentLine;

/** What one transaction changes of meters. Not thread-safe. */
final class MeterChanges implements MeterRegistry.Changes {
  private final Connection connection;
  private final MeterIndex index;
  private final Instant now;
  private final Set<MeterId> touched = new LinkedHashSet<>();

  MeterChanges(Connection connection, MeterIndex index, Instant now) {
    this.connection = connection;
    this.index = index;
    this.now = now;
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

  @Override
  public int replaceKeys(ShipmentLine line, OfficeKey office, Actor by, String reason) {
    try {
      touched.add(line.meter());
      return new KeyReplacement(office, index, now).replace(connection, line, by, reason);
    } catch (SQLException e) {
      throw StoreException.of("replacing a meter's keys", e);
    }
  }
}
