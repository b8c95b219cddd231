package org.gridwarden.store;

import java.sql.Connection;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;

/** Meters as the plain table of V1 has them. Thread-safe. */
final class PlainMeters implements MeterDirectory {
  private final Transactions transactions;
  private final Map<MeterId, Meter> known = new ConcurrentHashMap<>();

  PlainMeters(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    Meter meter = known.get(id);
    if (meter != null) {
      return Optional.of(meter);
    }
    boolean there =
        transactions.run(
            "looking a meter up",
            c -> {
              try (var s = c.prepareStatement("SELECT 1 FROM meter WHERE meter_id = ?")) {
                s.setString(1, id.value());
                try (var r = s.executeQuery()) {
                  return r.next();
                }
              }
            });
    if (!there) {
      return Optional.empty();
    }
    Meter found =
        new Meter(
            id,
            id.value(),
            new byte[0],
            "default",
            ZoneOffset.UTC,
            Meter.State.ACTIVE,
            Meter.PushPolicy.AUTHENTICATED);
    known.put(id, found);
    return Optional.of(found);
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] systemTitle) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return byId(new MeterId(serial));
  }

  void note(Connection c, List<Received> unknown) {
    // a plain table keeps no list: the meter sends again
  }
}
