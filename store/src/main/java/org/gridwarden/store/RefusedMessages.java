package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Received;

/**
 * Messages that could not be stored for a reason of their own, kept for somebody to look at: the
 * latest thousand, 16 KiB of each. Thread-safe.
 */
public final class RefusedMessages {
  private static final int MOST = 1_000;
  private static final int BYTES = 16 << 10;

  private final Transactions transactions;

  RefusedMessages(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * A message that was refused.
   *
   * @param meter what it called itself
   * @param raw its first bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record RefusedMessage(Instant at, String meter, ChannelId via, String reason, byte[] raw) {
    public RefusedMessage {
      raw = raw.clone();
    }

    @Override
    public byte[] raw() {
      return raw.clone();
    }
  }

  /** Keeps one. */
  public void record(Received message, String reason) {
    String short500 = reason.replace('\0', ' ');
    transactions.run(
        "keeping a refused message",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO refused_message (at, meter, channel, instance, reason, raw)"
                      + " VALUES (?, ?, ?, ?, ?, ?)")) {
            s.setTimestamp(1, Timestamp.from(message.at()));
            s.setString(2, message.id().meter().value());
            s.setString(3, message.via().name());
            s.setString(4, message.via().instance());
            s.setString(5, short500.substring(0, Math.min(500, short500.length())));
            s.setBytes(6, Arrays.copyOf(message.raw(), Math.min(BYTES, message.raw().length)));
            s.executeUpdate();
          }
          try (PreparedStatement s =
              c.prepareStatement(
                  "DELETE FROM refused_message"
                      + " WHERE id <= (SELECT max(id) FROM refused_message) - ?")) {
            s.setInt(1, MOST);
            return s.executeUpdate();
          }
        });
  }

  /** The latest first. */
  public List<RefusedMessage> latest(int most) {
    return transactions.run(
        "listing refused messages",
        c -> {
          List<RefusedMessage> found = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT at, meter, channel, instance, reason, raw FROM refused_message"
                      + " ORDER BY id DESC LIMIT ?")) {
            s.setInt(1, most);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.add(
                    new RefusedMessage(
                        r.getTimestamp(1).toInstant(),
                        r.getString(2),
                        new ChannelId(r.getString(3), r.getString(4)),
                        r.getString(5),
                        r.getBytes(6)));
              }
            }
          }
          return found;
        });
  }
}
