package org.gridwarden.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.core.MeterId;

/** What meters signed of their days themselves, as intake filed it. Thread-safe. */
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
   * @param certified whether the key has a certificate
   * @param by the certificate (X.509, DER), or the key that the meter was registered with
   *     (SubjectPublicKeyInfo)
   */
  @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
  public record Row(byte[] signed, boolean certified, byte[] by) {}

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
                  "SELECT day_start, signed, certificate IS NOT NULL, coalesce(certificate, key)"
                      + " FROM meter_day_signature"
                      + " WHERE meter = ? AND channel = ? AND day_start >= ? AND day_start < ?")) {
            s.setInt(1, number);
            s.setInt(2, inner);
            s.setObject(3, from.atOffset(ZoneOffset.UTC));
            s.setObject(4, to.atOffset(ZoneOffset.UTC));
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                found.put(
                    r.getObject(1, OffsetDateTime.class).toInstant(),
                    new Row(r.getBytes(2), r.getBoolean(3), r.getBytes(4)));
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
