package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What meters run, counted, and whose images are taken. Thread-safe. */
public final class FirmwareInventory {
  private final Transactions transactions;

  FirmwareInventory(Transactions transactions) {
    this.transactions = transactions;
  }

  /** How many meters of a model run a version. */
  public record Count(String model, String version, long meters) {}

  /**
   * A maker whose signatures on images are taken, or were.
   *
   * @param keyId hexadecimal digits
   * @param revoked empty while it is in force
   */
  public record Maker(
      String keyId, String name, Instant added, String addedBy, Optional<Instant> revoked) {}

  /** By model and version. */
  public List<Count> counts() {
    return transactions.run(
        "counting firmware",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT model, version, count(*) FROM meter_firmware"
                          + " GROUP BY model, version ORDER BY model, version");
              ResultSet r = s.executeQuery()) {
            List<Count> counts = new ArrayList<>();
            while (r.next()) {
              counts.add(new Count(r.getString(1), r.getString(2), r.getLong(3)));
            }
            return counts;
          }
        });
  }

  /** All makers, the newest first. */
  public List<Maker> makers() {
    return transactions.run(
        "listing makers",
        c -> {
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT key_id, name, added, added_by, revoked FROM firmware_key"
                          + " ORDER BY added DESC");
              ResultSet r = s.executeQuery()) {
            List<Maker> makers = new ArrayList<>();
            while (r.next()) {
              OffsetDateTime revoked = r.getObject(5, OffsetDateTime.class);
              makers.add(
                  new Maker(
                      HexFormat.of().formatHex(r.getBytes(1)),
                      r.getString(2),
                      r.getObject(3, OffsetDateTime.class).toInstant(),
                      r.getString(4),
                      Optional.ofNullable(revoked).map(OffsetDateTime::toInstant)));
            }
            return makers;
          }
        });
  }
}
