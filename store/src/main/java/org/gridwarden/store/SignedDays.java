package org.gridwarden.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.core.SignedDay;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.integrity.MeterDay;

/**
 * Files what meters signed of their days, with the key that proves it: the meter's certificate
 * where the office issued one for that key, else the key that its shipment registered. What does
 * not hold is not filed, and told. Within a transaction of one thread.
 */
final class SignedDays {
  private static final Duration OLDEST = Duration.ofDays(400);
  private static final int ELECTRICITY = 1; // OBIS group A
  private static final int MINUTE = 60;
  private static final int DAY = 86_400;

  private record Came(int meter, MeterId name, ZoneId zone, SignedDay day) {}

  private record Filed(int channel, Instant start) {}

  private final List<Came> came = new ArrayList<>();

  void gather(int meter, MeterId name, ZoneId zone, SignedDay day) {
    came.add(new Came(meter, name, zone, day));
  }

  /** Files them; returns what has to be told of those that do not hold. */
  List<Warning> write(Connection c, Channels channels, Instant now) throws SQLException {
    if (came.isEmpty()) {
      return List.of();
    }
    Map<Integer, byte[]> registered =
        MeterKeys.receiptKeys(c, came.stream().map(Came::meter).distinct().toList());
    Map<String, byte[]> certified = certificates(c);
    List<Warning> told = new ArrayList<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "INSERT INTO meter_day_signature (day_start, meter, channel, signed, certificate, key)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
      for (Came one : came) {
        byte[] spki = registered.get(one.meter());
        if (spki == null) {
          continue; // nobody could check it: it stays among the raw messages
        }
        try {
          Filed filed = check(one, spki, channels, now);
          byte[] certificate = certified.get(one.name() + " " + sha256(spki));
          s.setObject(1, filed.start().atOffset(ZoneOffset.UTC));
          s.setInt(2, one.meter());
          s.setInt(3, filed.channel());
          s.setBytes(4, one.day().bytes());
          s.setBytes(5, certificate);
          s.setBytes(6, certificate == null ? spki : null);
          s.addBatch();
        } catch (CommandException e) {
          told.add(warning(one, String.valueOf(e.getMessage()), now));
        }
      }
      s.executeBatch();
    }
    return told;
  }

  private static Filed check(Came one, byte[] spki, Channels channels, Instant now)
      throws CommandException {
    MeterDay day = MeterDay.open(one.day().bytes(), P256.publicKey(spki));
    if (!day.meter().equals(one.name().value())) {
      throw new CommandException("it is of another meter");
    }
    ObisCode channel;
    try {
      channel = ObisCode.parse(day.channel());
    } catch (IllegalArgumentException e) {
      throw new CommandException("it is of no channel that there is");
    }
    if (channel.a() != ELECTRICITY
        || !day.unit().equals(Unit.WATT_HOUR.symbol())
        || day.seconds() < MINUTE
        || DAY % day.seconds() != 0
        || Math.abs(day.scaler()) > 9) {
      throw new CommandException("it is of no channel that is billed");
    }
    LocalDate date = LocalDate.ofInstant(day.start(), one.zone());
    Instant over = date.plusDays(1).atStartOfDay(one.zone()).toInstant();
    if (!date.atStartOfDay(one.zone()).toInstant().equals(day.start())) {
      throw new CommandException("it does not begin with a civil day of " + one.zone());
    }
    if (over.isAfter(now.plus(Duration.ofHours(1))) || over.isBefore(now.minus(OLDEST))) {
      throw new CommandException("its day is not over, or longer ago than is billed");
    }
    return new Filed(
        channels.of(channel, day.seconds(), Unit.WATT_HOUR, day.scaler()).id(), day.start());
  }

  /** Certificates in force of those meters, by meter and the SHA-256 of their key. */
  private Map<String, byte[]> certificates(Connection c) throws SQLException {
    Set<String> names = new HashSet<>();
    came.forEach(one -> names.add(one.name().value()));
    Map<String, byte[]> found = new HashMap<>();
    try (PreparedStatement s =
        c.prepareStatement(
            "SELECT name, key_id, der FROM certificate WHERE kind = 'meter' AND name = ANY (?)"
                + " AND revoked IS NULL ORDER BY issued")) {
      s.setArray(1, c.createArrayOf("text", names.toArray()));
      try (ResultSet r = s.executeQuery()) {
        while (r.next()) {
          found.put(r.getString(1) + " " + HexFormat.of().formatHex(r.getBytes(2)), r.getBytes(3));
        }
      }
    }
    return found;
  }

  private static Warning warning(Came one, String why, Instant now) {
    byte[] bytes = one.day().bytes();
    return new Warning(
        one.name(),
        Revisions.id("integrity.signature", one.name() + " " + sha256(bytes)),
        now,
        "integrity.signature",
        Severity.FAULT,
        "What it signed of a day does not hold: " + why,
        Warning.Source.OFFICE);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
