package org.gridwarden.store;

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
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;

/**
 * Firmware images with their makers' signatures, the makers' keys, and what each meter is known to
 * run. Each change is in the audit log, in its own transaction. Thread-safe.
 */
public final class FirmwareBook {
  private final Transactions transactions;
  private final InstantSource clock;

  FirmwareBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * A stored image, without its bytes.
   *
   * @param signed the manifest under its maker's signature
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Image(
      byte[] sha256, String model, String version, byte[] signed, Instant added, String addedBy) {}

  /**
   * What a meter runs.
   *
   * @param at since when that is known
   * @param source from where: inventory, receipt
   */
  public record Running(MeterId meter, String model, String version, Instant at, String source) {}

  /** The maker's public key of an id (SubjectPublicKeyInfo), unless it was revoked. */
  public Optional<byte[]> key(byte[] keyId) {
    return transactions.run(
        "looking for a firmware key",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT spki FROM firmware_key WHERE key_id = ? AND revoked IS NULL")) {
            s.setBytes(1, keyId);
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /**
   * From now on a maker's signatures are taken.
   *
   * @return false where the key is there already
   */
  public boolean addKey(Tx tx, byte[] keyId, byte[] spki, String name, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO firmware_key (key_id, spki, name, added, added_by)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      s.setBytes(1, keyId);
      s.setBytes(2, spki);
      s.setString(3, name);
      s.setObject(4, utc(clock.instant()));
      s.setString(5, by.name());
      boolean added = s.executeUpdate() == 1;
      if (added) {
        audit(tx, by, "firmware-key.added", name + " " + HexFormat.of().formatHex(keyId));
      }
      return added;
    } catch (SQLException e) {
      throw StoreException.of("adding a firmware key", e);
    }
  }

  /**
   * Keeps an image.
   *
   * @return false where there is an image of this model and version, or with this hash, already
   */
  public boolean add(Tx tx, Image image, byte[] bytes, Actor by) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO firmware_image (sha256, model, version, signed, image, added,"
                    + " added_by) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      s.setBytes(1, image.sha256());
      s.setString(2, image.model());
      s.setString(3, image.version());
      s.setBytes(4, image.signed());
      s.setBytes(5, bytes);
      s.setObject(6, utc(image.added()));
      s.setString(7, by.name());
      boolean added = s.executeUpdate() == 1;
      if (added) {
        String hash = HexFormat.of().formatHex(image.sha256());
        audit(tx, by, "firmware.added", image.model() + " " + image.version() + " " + hash);
      }
      return added;
    } catch (SQLException e) {
      throw StoreException.of("keeping a firmware image", e);
    }
  }

  /** All images, the newest first. */
  public List<Image> images() {
    return transactions.run("listing firmware images", c -> images(c, "ORDER BY added DESC"));
  }

  /** The image of a model and version. */
  public Optional<Image> image(String model, String version) {
    return transactions.run(
        "looking for a firmware image",
        c -> images(c, "WHERE model = ? AND version = ?", model, version).stream().findFirst());
  }

  /** The image of a hash. */
  public Optional<Image> image(byte[] sha256) {
    return transactions.run(
        "looking for a firmware image",
        c ->
            images(c, "WHERE encode(sha256, 'hex') = ?", HexFormat.of().formatHex(sha256)).stream()
                .findFirst());
  }

  private static List<Image> images(Connection c, String which, String... arguments)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT sha256, model, version, signed, added, added_by FROM firmware_image "
                + which)) {
      for (int i = 0; i < arguments.length; i++) {
        s.setString(i + 1, arguments[i]);
      }
      List<Image> images = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          images.add(
              new Image(
                  r.getBytes(1),
                  r.getString(2),
                  r.getString(3),
                  r.getBytes(4),
                  instant(r, 5),
                  r.getString(6)));
        }
      }
      return images;
    }
  }

  /** An image's bytes; empty where there is none of this hash. */
  public Optional<byte[]> bytes(byte[] sha256) {
    return transactions.run(
        "reading a firmware image",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement("SELECT image FROM firmware_image WHERE sha256 = ?")) {
            s.setBytes(1, sha256);
            try (ResultSet r = s.executeQuery()) {
              return r.next() ? Optional.of(r.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  /** Notes what a meter runs; what is known from later stays. */
  public void runs(Tx tx, Running running) {
    try (PreparedStatement s =
        PgTx.of(tx)
            .prepareStatement(
                "INSERT INTO meter_firmware (meter, model, version, at, source)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (meter) DO UPDATE"
                    + " SET model = excluded.model, version = excluded.version, at = excluded.at,"
                    + " source = excluded.source WHERE meter_firmware.at <= excluded.at")) {
      s.setString(1, running.meter().value());
      s.setString(2, running.model());
      s.setString(3, running.version());
      s.setObject(4, utc(running.at()));
      s.setString(5, running.source());
      s.executeUpdate();
    } catch (SQLException e) {
      throw StoreException.of("noting a meter's firmware", e);
    }
  }

  /** What a meter runs; empty where nobody said so. */
  public Optional<Running> running(MeterId meter) {
    return transactions.run(
        "reading a meter's firmware",
        c -> running(c, "WHERE meter = ?", meter.value()).stream().findFirst());
  }

  /** All meters of a model that are known, with what they run. */
  public List<Running> fleet(String model) {
    return transactions.run(
        "reading a model's meters", c -> running(c, "WHERE model = ? ORDER BY meter", model));
  }

  private static List<Running> running(Connection c, String which, String argument)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT meter, model, version, at, source FROM meter_firmware " + which)) {
      s.setString(1, argument);
      List<Running> all = new ArrayList<>();
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          all.add(
              new Running(
                  new MeterId(r.getString(1)),
                  r.getString(2),
                  r.getString(3),
                  instant(r, 4),
                  r.getString(5)));
        }
      }
      return all;
    }
  }

  private void audit(Tx tx, Actor by, String action, String detail) throws SQLException {
    StoredAuditLog.append(
        PgTx.of(tx),
        clock.instant(),
        by,
        action,
        detail.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
