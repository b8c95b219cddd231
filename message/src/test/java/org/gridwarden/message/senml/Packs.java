package org.gridwarden.message.senml;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Capture;
import org.gridwarden.core.Day;
import org.gridwarden.core.EventId;
import org.gridwarden.core.IntervalBlock;
import org.gridwarden.core.Layer;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Quality;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Request;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Slot;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.cosem.Unit;

/** Messages and packs that tests begin with. */
final class Packs {
  static final MeterId METER = new MeterId("M");
  static final Instant AT = Instant.parse("2026-11-26T00:00:00Z");
  static final ObisCode IMPORT = ObisCode.parse("1-0:1.29.0");

  private Packs() {}

  /** One of each class, and of each kind of usage. */
  static Stream<Message> messages() {
    ScaledValue energy = new ScaledValue(117, 0, Unit.WATT_HOUR);
    Reading voltage =
        new Reading(
            ObisCode.parse("32.7.0"), AT, new ScaledValue(2300, -1, Unit.VOLT), Quality.GOOD);
    Slot slot = new Slot(IMPORT, AT, Duration.ofMinutes(15), energy, Quality.ESTIMATED);
    Capture capture =
        new Capture(
            ObisCode.parse("1.8.0"),
            IMPORT,
            AT,
            Duration.ofMinutes(15),
            energy,
            1_000_000,
            Quality.GOOD);
    return Stream.of(
        new Usage(METER, List.of(voltage), List.of(slot), List.of(day()), List.of(capture)),
        new Billing(METER, List.of(voltage)),
        new Request(METER, new ReadPlan(List.of(IMPORT), AT, AT.plusSeconds(900))),
        new Warning(
            METER,
            new EventId(new UUID(1, 2)),
            AT.plusMillis(3),
            "tamper.magnet",
            Severity.CRITICAL,
            "A magnet",
            Warning.Source.LOGGED));
  }

  /** A day of 96 slots, two of them not good. */
  static IntervalBlock day() {
    Day day =
        Day.of(LocalDate.of(2026, 11, 26), ZoneId.of("Europe/Berlin"), Duration.ofMinutes(15));
    long[] values = new long[day.slots()];
    byte[] quality = new byte[day.slots()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 + i;
    }
    quality[40] = Quality.POWER_DOWN;
    quality[41] = Quality.MISSING;
    values[41] = 0;
    return new IntervalBlock(METER, IMPORT, Layer.RAW, day, 0, Unit.WATT_HOUR, values, quality);
  }

  static Stream<byte[]> hostileCbor() {
    return Stream.of(
            "9b7fffffffffffffff", // an array of 2^63 - 1 records
            "81bb7fffffffffffffff",
            "81a1035b7fffffffffffffff",
            "81a1087b00000000ffffffff",
            "81a102c4821b7fffffffffffffff01", // 10 to a power that is no int
            "81a102c482187f1b7fffffffffffffff",
            "81a102fb7ff8000000000000", // not a number
            "81a102f97c00",
            "81".repeat(200),
            "81a163785f5f01",
            "9fbfffff",
            "81a102c249010000000000000000")
        .map(HexFormat.of()::parseHex);
  }

  static Stream<byte[]> hostileJson() {
    return Stream.of(
            "[{\"v\":1e999999999}]",
            "[{\"v\":1e-999999999,\"bt\":1e127}]",
            "[{\"v\":" + "9".repeat(60) + "}]",
            "[{\"n\":\"1.8.0\",\"v\":0e127,\"bt\":1795647600,\"z_\":\"UTC\",\"c_\":86400,\"l_\":1}]",
            "[{\"n\":\"1.8.0\",\"v\":1,\"bt\":31556889864403199,\"l_\":9}]",
            "[".repeat(200),
            "[{\"x\":" + "{\"x\":".repeat(20),
            "[{\"must_\":1}]",
            "[{\"vd\":\"***\"}]",
            "[{\"n\":\"\\u0000\"}]")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }
}
