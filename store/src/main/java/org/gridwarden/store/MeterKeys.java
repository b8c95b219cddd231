package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.jspecify.annotations.Nullable;

/** The table of wrapped keys (C18). Works on a caller's connection; stateless. */
final class MeterKeys {
  private MeterKeys() {}

  /**
   * A pair in force.
   *
   * @param shipped as it came, to the office key; null where it came in the clear in a demo
   * @param local under the local key; null until it was opened once
   */
  record Pair(Purpose purpose, @Nullable Wrapped shipped, @Nullable Wrapped local) {
    /** The form that is cheaper to open. */
    Wrapped cheaper() {
      Wrapped wrapped = local != null ? local : shipped;
      if (wrapped == null) {
        throw new IllegalStateException("a pair of keys without any form");
      }
      return wrapped;
    }
  }

  /** A pair and whose it is, by the meter's number. */
  record Owned(int meter, Pair pair) {}

  static Optional<Pair> find(Connection c, int meter, Purpose purpose) throws SQLException {
    return Optional.ofNullable(find(c, List.of(meter)).getOrDefault(meter, Map.of()).get(purpose));
  }

  /** The pair that an order carries to the meter. */
  static Optional<Pair> findPending(Connection c, int meter, Purpose purpose) throws SQLException {
    return Optional.ofNullable(
        find(c, List.of(meter), "PENDING").getOrDefault(meter, Map.of()).get(purpose));
  }

  /** The pairs in force of several meters, by number and purpose. */
  static Map<Integer, Map<Purpose, Pair>> find(Connection c, List<Integer> meters)
      throws SQLException {
    return find(c, meters, "IN_FORCE");
  }

  private static Map<Integer, Map<Purpose, Pair>> find(
      Connection c, List<Integer> meters, String state) throws SQLException {
    Map<Integer, Map<Purpose, Pair>> found = new HashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT meter, purpose, key_id, shipped, shipped_auth, local, local_auth FROM meter_key"
                + " WHERE meter = ANY (?) AND state = ?")) {
      s.setArray(1, c.createArrayOf("int4", meters.toArray()));
      s.setString(2, state);
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          Purpose purpose = Purpose.values()[r.getInt(2)];
          byte[] keyId = r.getBytes(3);
          found
              .computeIfAbsent(r.getInt(1), key -> new HashMap<>())
              .put(
                  purpose,
                  new Pair(
                      purpose,
                      wrapped(keyId, r.getBytes(4), r.getBytes(5)),
                      wrapped(keyId, r.getBytes(6), r.getBytes(7))));
        }
      }
    }
    return found;
  }

  /** Puts new pairs in force. */
  static void insert(Connection c, List<Owned> pairs) throws SQLException {
    if (pairs.isEmpty()) {
      return;
    }
    int n = pairs.size();
    Integer[] meters = new Integer[n];
    Integer[] purposes = new Integer[n];
    byte[][] keyIds = new byte[n][];
    byte[][] shipped = new byte[n][];
    byte[][] shippedAuth = new byte[n][];
    byte[][] local = new byte[n][];
    byte[][] localAuth = new byte[n][];
    for (int i = 0; i < n; i++) {
      Pair pair = pairs.get(i).pair;
      meters[i] = pairs.get(i).meter;
      purposes[i] = pair.purpose.ordinal();
      keyIds[i] = pair.cheaper().keyId();
      if (pair.shipped != null) {
        shipped[i] = pair.shipped.encryption();
        shippedAuth[i] = pair.shipped.authentication();
      }
      if (pair.local != null) {
        local[i] = pair.local.encryption();
        localAuth[i] = pair.local.authentication();
      }
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO meter_key"
                + " (meter, purpose, key_id, shipped, shipped_auth, local, local_auth)"
                + " SELECT * FROM unnest(?::int[], ?::smallint[], ?::bytea[], ?::bytea[],"
                + " ?::bytea[], ?::bytea[], ?::bytea[])")) {
      s.setArray(1, c.createArrayOf("int4", meters));
      s.setArray(2, c.createArrayOf("int2", purposes));
      s.setArray(3, c.createArrayOf("bytea", keyIds));
      s.setArray(4, c.createArrayOf("bytea", shipped));
      s.setArray(5, c.createArrayOf("bytea", shippedAuth));
      s.setArray(6, c.createArrayOf("bytea", local));
      s.setArray(7, c.createArrayOf("bytea", localAuth));
      s.executeUpdate();
    }
  }

  /** With what meters sign receipts, by number; those that cannot are left out. */
  static Map<Integer, byte[]> receiptKeys(Connection c, List<Integer> meters) throws SQLException {
    Map<Integer, byte[]> found = new HashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT id, receipt_key FROM meter WHERE id = ANY (?) AND receipt_key IS NOT NULL")) {
      s.setArray(1, c.createArrayOf("int4", meters.toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.put(r.getInt(1), r.getBytes(2));
        }
      }
    }
    return found;
  }

  /** Keeps the local form beside the shipped one of the same key. */
  static void keepLocal(Connection c, int meter, Purpose purpose, Wrapped local)
      throws SQLException {
    try (PreparedStatement off = c.prepareStatement("SET LOCAL synchronous_commit = off")) {
      off.execute(); // lost in a crash, it is made again: no need to wait for the disk
    }
    try (PreparedStatement s =
        c.prepareStatement(
            "UPDATE meter_key SET local = ?, local_auth = ?"
                + " WHERE meter = ? AND purpose = ? AND key_id = ? AND in_force")) {
      s.setBytes(1, local.encryption());
      s.setBytes(2, local.authentication());
      s.setInt(3, meter);
      s.setInt(4, purpose.ordinal());
      s.setBytes(5, local.keyId());
      s.executeUpdate();
    }
  }

  private static @Nullable Wrapped wrapped(
      byte[] keyId, byte @Nullable [] encryption, byte @Nullable [] authentication) {
    if (encryption == null) {
      return null;
    }
    return new Wrapped(keyId, encryption, authentication == null ? new byte[0] : authentication);
  }
}
