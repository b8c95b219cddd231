package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.gridwarden.core.Actor;
import org.jspecify.annotations.Nullable;

/**
 * Machines and the hashes of their keys. Rows stay when they are revoked, so that a name in the
 * audit log means one machine for good. Thread-safe.
 */
public final class Machines {
  private static final String COLUMNS =
      "SELECT name, permissions, per_minute, key_id, certificate, created, created_by, expires,"
          + " last_used, revoked, revoked_by, key_hash FROM machine";

  private final Transactions transactions;
  private final InstantSource clock;

  Machines(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A machine and what is kept of its key.
   *
   * @param keyHash SHA-256; of length 0 where it has no key
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Known(Machine machine, byte[] keyHash) {
    public Known {
      keyHash = keyHash.clone();
    }

    @Override
    public byte[] keyHash() {
      return keyHash.clone();
    }

    @Override
    public String toString() {
      return machine.toString();
    }
  }

  /** All, by name. */
  public List<Machine> all() {
    return transactions.run(
        "listing machines",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + " ORDER BY lower(name)")) {
            return read(s).stream().map(Known::machine).toList();
          }
        });
  }

  /** By what names its key. */
  public Optional<Known> byKey(String keyId) {
    return one("key_id = ?", keyId);
  }

  /** By its certificate's SHA-256, hexadecimal digits. */
  public Optional<Known> byCertificate(String fingerprint) {
    return one("certificate = decode(?, 'hex')", fingerprint);
  }

  private Optional<Known> one(String which, String value) {
    return transactions.run(
        "looking a machine up",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + " WHERE " + which)) {
            s.setString(1, value);
            return read(s).stream().findFirst();
          }
        });
  }

  /**
   * Adds one.
   *
   * @param keyHash of length 0 where it has no key
   * @return false where its name, key or certificate is another's, or was
   */
  public boolean add(Machine machine, byte[] keyHash, Actor by) {
    return transactions.run(
        "adding a machine",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO machine (name, permissions, per_minute, key_id, key_hash,"
                      + " certificate, created, created_by, expires, revoked_by)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT DO NOTHING")) {
            s.setString(1, machine.name());
            s.setArray(
                2,
                c.createArrayOf(
                    "text", machine.permissions().stream().map(Enum::name).sorted().toArray()));
            s.setInt(3, machine.perMinute());
            s.setString(4, machine.keyId().isEmpty() ? null : machine.keyId());
            s.setBytes(5, keyHash.length == 0 ? null : keyHash);
            s.setBytes(
                6,
                machine.certificate().isEmpty()
                    ? null
                    : HexFormat.of().parseHex(machine.certificate()));
            s.setObject(7, machine.created().atOffset(ZoneOffset.UTC));
            s.setString(8, machine.createdBy());
            s.setObject(9, machine.expires().atOffset(ZoneOffset.UTC));
            String detail =
                machine.name()
                    + " "
                    + new TreeSet<>(machine.permissions())
                    + " until "
                    + machine.expires();
            return s.executeUpdate() == 1 && audited(c, by, "machine.added", detail);
          }
        });
  }

  /** Notes that it was here. */
  public void used(String name, Instant at) {
    transactions.run(
        "noting a machine",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("UPDATE machine SET last_used = ? WHERE name = ?")) {
            s.setObject(1, at.atOffset(ZoneOffset.UTC));
            s.setString(2, name);
            return s.executeUpdate();
          }
        });
  }

  /** Revokes one; false where there is none that is not revoked. */
  public boolean revoke(String name, Actor by) {
    return transactions.run(
        "revoking a machine",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE machine SET revoked = ?, revoked_by = ?"
                      + " WHERE name = ? AND revoked IS NULL")) {
            s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            s.setString(2, by.name());
            s.setString(3, name);
            return s.executeUpdate() == 1 && audited(c, by, "machine.revoked", name);
          }
        });
  }

  private boolean audited(Connection c, Actor by, String action, String detail)
      throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static List<Known> read(PreparedStatement s) throws SQLException {
    List<Known> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        String keyId = r.getString(4);
        byte[] certificate = r.getBytes(5);
        byte[] hash = r.getBytes(12);
        found.add(
            new Known(
                new Machine(
                    r.getString(1),
                    AccessRoles.permissions(r.getArray(2)),
                    r.getInt(3),
                    keyId == null ? "" : keyId,
                    certificate == null ? "" : HexFormat.of().formatHex(certificate),
                    r.getObject(6, OffsetDateTime.class).toInstant(),
                    r.getString(7),
                    r.getObject(8, OffsetDateTime.class).toInstant(),
                    instant(r.getObject(9, OffsetDateTime.class)),
                    instant(r.getObject(10, OffsetDateTime.class)),
                    r.getString(11)),
                hash == null ? new byte[0] : hash));
      }
    }
    return found;
  }

  private static Optional<Instant> instant(@Nullable OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
