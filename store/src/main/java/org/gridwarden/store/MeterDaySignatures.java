package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;

/** What meters signed of their days themselves; not checked here. Thread-safe. */
public final class MeterDaySignatures {
  private final Transactions transactions;
  private final Dictionary dictionary;
  private final Channels channels;

  MeterDaySignatures(Transactions transactions, Dictionary dictionary, Channels channels) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.channels = channels;
  }

  /**
   * A meter's signature under a day.
   *
   * @param signed COSE_Sign1
   * @param certificate X.509, DER
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Row(byte[] signed, byte[] certificate) {}

  /**
   * Keeps one; the first of a day stands.
   *
   * @return whether it is new
   * @throws StoreException where the meter is not registered
   */
  public boolean put(MeterId meter, SlotVersions.Channel channel, Instant dayStart, Row row) {
    int number =
        dictionary
            .meter(meter)
            .orElseThrow(() -> StoreException.at("meter " + meter, "is not registered"));
    int inner = inner(channel);
    return transactions.run(
        "keeping a meter's signature",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO meter_day_signature (day_start, meter, channel, signed, certificate)"
                      + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            s.setObject(1, dayStart.atOffset(ZoneOffset.UTC));
            s.setInt(2, number);
            s.setInt(3, inner);
            s.setBytes(4, row.signed());
            s.setBytes(5, row.certificate());
            return s.executeUpdate() == 1;
          }
        });
  }

  /** Those of a span, by the day's start. */
  public Map<Instant, Row> of(
      MeterId meter, SlotVersions.Channel channel, Instant from, Instant to) {
    int number = dictionary.meter(meter).orElse(-1);
    int inner = inner(channel);
    return transactions.run(
        "reading meters' signatures",
        c -> {
          Map<Instant, Row> found = new TreeMap<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT day_start, signed, certificate FROM meter_day_signature"
                      + " WHERE meter = ? AND channel = ? AND day_start >= ? AND day_start < ?")) {
            s.setInt(1, number);
            s.setInt(2, inner);
            s.setObject(3, from.atOffset(ZoneOffset.UTC));
            s.setObject(4, to.atOffset(ZoneOffset.UTC));
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.put(
                    r.getObject(1, OffsetDateTime.class).toInstant(),
                    new Row(r.getBytes(2), r.getBytes(3)));
              }
            }
          }
          return found;
        });
  }

  private int inner(SlotVersions.Channel channel) {
    return channels
        .of(
            channel.obis(),
            Math.toIntExact(channel.slot().toSeconds()),
            channel.unit(),
            channel.scaler())
        .id();
  }
}
