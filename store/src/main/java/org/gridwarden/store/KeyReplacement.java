package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.ShipmentLine;
import org.gridwarden.security.UnusableKeyException;

/**
 * New keys for a meter that is known and whose own were revoked, from a line of its fitter's. What
 * the line says of the meter must be what is known of it: a line binds no title and no serial anew
 * (C24). Works on a caller's connection; one replacement's.
 */
final class KeyReplacement {
  private final OfficeKey office;
  private final MeterIndex index;
  private final Instant now;

  KeyReplacement(OfficeKey office, MeterIndex index, Instant now) {
    this.office = office;
    this.index = index;
    this.now = now;
  }

  /**
   * Puts the line's keys in force.
   *
   * @return how many
   * @throws IllegalArgumentException naming what stands against it
   */
  int replace(Connection c, ShipmentLine line, Actor by, String reason) throws SQLException {
    MeterIndex.Known known =
        index
            .known(line.meter())
            .orElseThrow(
                () -> new IllegalArgumentException("meter " + line.meter() + " is not known"));
    if (!Arrays.equals(known.meter().systemTitle(), line.systemTitle())
        || !known.meter().serial().equals(line.serial())) {
      throw new IllegalArgumentException(
          "meter "
              + line.meter()
              + " is known with another serial or system title: new keys bind no other");
    }
    int meter = known.number();
    List<Old> old = old(c, meter);
    if (old.stream().anyMatch(key -> key.state.equals("IN_FORCE") || key.state.equals("PENDING"))) {
      throw new IllegalArgumentException(
          "meter "
              + line.meter()
              + " has keys in force; they are changed by a command ('keys rotate'), and replaced"
              + " only once they were revoked");
    }
    List<MeterKeys.Owned> fresh = new ArrayList<>();
    try {
      for (MeterKeys.Pair pair : MeterImport.opened(line, office, index)) {
        needNew(line, pair, old);
        fresh.add(new MeterKeys.Owned(meter, pair));
      }
    } catch (UnusableKeyException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "; the office's key is " + office.fingerprint(), e);
    }
    if (fresh.stream().noneMatch(f -> f.pair().purpose() == Purpose.DLMS_GLOBAL_UNICAST)) {
      throw new IllegalArgumentException("the line carries no DLMS key (column 'guek')");
    }
    MeterKeys.insert(c, fresh);
    if (line.receiptKey().length != 0) {
      try (PreparedStatement s =
          c.prepareStatement("UPDATE meter SET receipt_key = ? WHERE id = ?")) {
        s.setBytes(1, line.receiptKey());
        s.setInt(2, meter);
        s.executeUpdate();
      }
    }
    String detail = line.meter() + ": " + fresh.size() + " keys: " + reason;
    StoredAuditLog.append(c, now, by, "keys.replaced", detail.getBytes(StandardCharsets.UTF_8));
    return fresh.size();
  }

  /** A key that the meter had. */
  private record Old(Purpose purpose, String state, Wrapped wrapped) {}

  private static List<Old> old(Connection c, int meter) throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT purpose, state, key_id, coalesce(local, shipped),"
                + " CASE WHEN local IS NULL THEN shipped_auth ELSE local_auth END"
                + " FROM meter_key WHERE meter = ? FOR UPDATE")) {
      s.setInt(1, meter);
      List<Old> found = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          byte[] auth = r.getBytes(5);
          found.add(
              new Old(
                  Purpose.values()[r.getInt(1)],
                  r.getString(2),
                  new Wrapped(r.getBytes(3), r.getBytes(4), auth == null ? new byte[0] : auth)));
        }
      }
      return found;
    }
  }

  /**
   * Neither the id nor the key was there before: counters and what was recorded belong to those.
   */
  private void needNew(ShipmentLine line, MeterKeys.Pair pair, List<Old> old)
      throws UnusableKeyException {
    KeySet keys = office.open(line.meter(), pair.purpose(), pair.cheaper());
    for (Old before : old) {
      if (before.purpose != pair.purpose()) {
        continue;
      }
      if (Arrays.equals(before.wrapped.keyId(), keys.keyId())) {
        throw new IllegalArgumentException(
            "meter "
                + line.meter()
                + " had a key with this key_id before: give the new one another");
      }
      Optional<KeySet> was = opened(line, before);
      if (was.isPresent() && was.get().encryption().equals(keys.encryption())) {
        throw new IllegalArgumentException(
            "one of these keys is one that meter "
                + line.meter()
                + " had before, and may be known to others: make new ones");
      }
    }
  }

  private Optional<KeySet> opened(ShipmentLine line, Old before) {
    try {
      return Optional.of(office.open(line.meter(), before.purpose, before.wrapped));
    } catch (UnusableKeyException e) {
      return Optional.empty(); // it never opened here: nothing was ever sent under it
    }
  }
}
