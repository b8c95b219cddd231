package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Capture;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Day;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/** Makes messages as channels would. */
final class Messages {
  static final ObisCode ENERGY = ObisCode.parse("1.0.1.29.0.255");
  static final ObisCode REGISTER = ObisCode.parse("1.0.1.8.0.255");
  static final Duration QUARTER = Duration.ofMinutes(15);
  static final ChannelId VIA = new ChannelId("dlms", "test");
  private static final byte[] KEY = {1, 2, 3, 4};

  private Messages() {}

  static Received counted(MeterId meter, long counter, Message... content) {
    return received(meter, KEY, counter, Assurance.MAC, "counter " + counter, content);
  }

  static Received received(
      MeterId meter, byte[] key, long counter, Assurance how, String raw, Message... content) {
    byte[] bytes = (meter + " " + raw).getBytes(StandardCharsets.UTF_8);
    return new Received(
        new MessageId(meter, key, counter, sha256(bytes)),
        VIA,
        Instant.now(),
        how,
        bytes,
        List.of(content));
  }

  static Received other(MeterId meter, long counter, String raw, Message... content) {
    return received(meter, KEY, counter, Assurance.MAC, raw, content);
  }

  static Usage slots(MeterId meter, Slot... slots) {
    return new Usage(meter, List.of(), List.of(slots), List.of(), List.of());
  }

  static Usage blocks(IntervalBlock... blocks) {
    return new Usage(blocks[0].meter(), List.of(), List.of(), List.of(blocks), List.of());
  }

  static Usage captures(MeterId meter, Capture... captures) {
    return new Usage(meter, List.of(), List.of(), List.of(), List.of(captures));
  }

  static Slot slot(String start, long wattHours) {
    return slot(start, wattHours, 0);
  }

  static Slot slot(String start, long wattHours, int quality) {
    return new Slot(
        ENERGY,
        Instant.parse(start),
        QUARTER,
        new ScaledValue(wattHours, 0, Unit.WATT_HOUR),
        (byte) quality);
  }

  static Capture capture(String at, long wattHours, long modulus) {
    return new Capture(
        REGISTER,
        ENERGY,
        Instant.parse(at),
        QUARTER,
        new ScaledValue(wattHours, 0, Unit.WATT_HOUR),
        modulus,
        (byte) 0);
  }

  static IntervalBlock block(MeterId meter, String date, ZoneId zone, long[] values, byte[] q) {
    Day day = Day.of(LocalDate.parse(date), zone, QUARTER);
    return new IntervalBlock(meter, ENERGY, Layer.RAW, day, 0, Unit.WATT_HOUR, values, q);
  }

  static long[] values(int n, long first) {
    long[] values = new long[n];
    for (int i = 0; i < n; i++) {
      values[i] = first + i;
    }
    return values;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
