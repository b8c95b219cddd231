package org.gridwarden.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.MeterId;

/** How far firmware images have come on their way to meters. Thread-safe. */
public final class ImageProgressBook {
  private static final String COLUMNS =
      "SELECT begun, at, there, blocks, image FROM image_progress ";

  private final Transactions transactions;
  private final InstantSource clock;

  ImageProgressBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * How far an image has come.
   *
   * @param begun since when it is carried
   * @param at when it came so far
   */
  public record Carried(Instant begun, Instant at, ImageProgress progress) {}

  /** How far a command's image has come; empty where none is carried for it. */
  public Optional<Carried> of(CommandId command) {
    return transactions.run(
        "looking for a command's image",
        c -> {
          try (PreparedStatement s = c.prepareStatement(COLUMNS + "WHERE command = ?")) {
            s.setObject(1, command.value());
            return carried(s);
          }
        });
  }

  /** How far the latest image came that was carried to a meter. */
  public Optional<Carried> latest(MeterId meter) {
    return transactions.run(
        "looking for a meter's image",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + "WHERE meter = ? ORDER BY at DESC LIMIT 1")) {
            s.setString(1, meter.value());
            return carried(s);
          }
        });
  }

  private static Optional<Carried> carried(PreparedStatement s) throws SQLException {
    try (ResultSet r = s.executeQuery()) {
      return r.next()
          ? Optional.of(
              new Carried(
                  instant(r, 1),
                  instant(r, 2),
                  new ImageProgress(r.getString(5), r.getInt(3), r.getInt(4))))
          : Optional.empty();
    }
  }

  /** Notes how far a command's image has come. */
  public void keep(CommandId command, MeterId meter, ImageProgress progress) {
    transactions.run(
        "noting how far an image came",
        c -> {
          put(c, command, meter, progress);
          return progress;
        });
  }

  private void put(Connection c, CommandId command, MeterId meter, ImageProgress progress)
      throws SQLException {
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO image_progress (begun, at, command, there, blocks, meter, image)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (command) DO UPDATE SET"
                + " at = excluded.at, there = excluded.there, blocks = excluded.blocks,"
                + " image = excluded.image")) {
      OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
      s.setObject(1, now);
      s.setObject(2, now);
      s.setObject(3, command.value());
      s.setInt(4, progress.there());
      s.setInt(5, progress.blocks());
      s.setString(6, meter.value());
      s.setString(7, progress.image());
      s.executeUpdate();
    }
  }

  private static Instant instant(ResultSet r, int column) throws SQLException {
    return r.getObject(column, OffsetDateTime.class).toInstant();
  }
}
