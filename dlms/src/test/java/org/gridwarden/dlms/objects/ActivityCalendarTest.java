package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.octets;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.text;
import static org.gridwarden.dlms.objects.Bench.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.Test;

/** Class 20. */
class ActivityCalendarTest {
  private static final ObisCode NAME = ObisCode.parse("0.0.13.0.0.255");
  private static final TariffCalendar EMPTY =
      new TariffCalendar(DlmsData.OctetString.of(), List.of(), List.of(), List.of());

  // a Monday, 11:00 in Berlin
  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final SpecialDaysTable days =
      new SpecialDaysTable(
          ObisCode.parse("0.0.11.0.0.255"),
          List.of(new SpecialDaysTable.Entry(1, new CosemDate(0xFFFF, 12, 25, 0xFF), 3)));
  private final ActivityCalendar calendar =
      new ActivityCalendar(NAME, bench.clock, bench.objects, days, EMPTY, EMPTY);
  private final Clockwork clockwork =
      new Clockwork(bench.clock, List.of(calendar), Duration.ofDays(400));

  private static DlmsData season(String name, String start, String week) {
    return DlmsData.Structure.of(text(name), octets(start), text(week));
  }

  private static DlmsData week(String name, int... ids) {
    List<DlmsData> fields = new ArrayList<>();
    fields.add(text(name));
    for (int id : ids) {
      fields.add(new DlmsData.Unsigned8(id));
    }
    return DlmsData.Structure.of(fields);
  }

  /** Actions as hour and script. */
  private static DlmsData day(int id, int... actions) {
    List<DlmsData> list = new ArrayList<>();
    for (int i = 0; i < actions.length; i += 2) {
      list.add(
          DlmsData.Structure.of(
              new CosemTime(actions[i], 0, 0, 0).data(),
              DlmsData.OctetString.of(Bench.SCRIPTS),
              lu(actions[i + 1])));
    }
    return DlmsData.Structure.of(new DlmsData.Unsigned8(id), DlmsData.Array.of(list));
  }

  /** Weekdays 6 and 22 o'clock, weekends and summer otherwise; first is the attribute's index. */
  private void write(int first) {
    accepts(calendar, first, text("CAL"));
    accepts(
        calendar,
        first + 1,
        DlmsData.Array.of(
            season("S", "FFFF0401FF00000000800000", "WS"),
            season("W", "FFFF0A01FF00000000800000", "WW")));
    accepts(
        calendar,
        first + 2,
        DlmsData.Array.of(week("WW", 1, 1, 1, 1, 1, 2, 2), week("WS", 4, 4, 4, 4, 4, 4, 4)));
    accepts(
        calendar,
        first + 3,
        DlmsData.Array.of(day(1, 22, 2, 6, 1), day(2, 0, 3), day(3, 12, 5), day(4, 8, 8)));
  }

  @Test
  void bytes() {
    assertThat(calendar.identity()).isEqualTo(new CosemObject.Identity(20, 0, NAME, 10, 1));
    write(2);
    assertThat(hex(calendar, 2)).isEqualTo("090343414C");
    assertThat(hex(calendar, 3))
        .isEqualTo(
            "0102"
                + ("0203" + "090153" + "090CFFFF0401FF00000000800000" + "09025753")
                + ("0203" + "090157" + "090CFFFF0A01FF00000000800000" + "09025757"));
    assertThat(hex(calendar, 4))
        .startsWith("0102" + "0208" + "09025757" + "1101110111011101110111021102");
    assertThat(hex(calendar, 5))
        .startsWith(
            "0104"
                + "0202"
                + "1101"
                + "0102"
                + "0203"
                + "090416000000"
                + "090600000A0064FF"
                + "120002");
    assertThat(hex(calendar, 6) + hex(calendar, 7)).isEqualTo("09000100");
    assertThat(hex(calendar, 10)).isEqualTo("090CFFFFFFFFFFFFFFFFFF8000FF");
  }

  @Test
  void daysOfTheWeekSeasonsAndSpecialDays() {
    write(2);
    bench.at("2026-11-29T12:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .containsExactly(
            "2026-11-23T21:00:00Z 2",
            "2026-11-24T05:00:00Z 1",
            "2026-11-24T21:00:00Z 2",
            "2026-11-25T05:00:00Z 1",
            "2026-11-25T21:00:00Z 2",
            "2026-11-26T05:00:00Z 1",
            "2026-11-26T21:00:00Z 2",
            "2026-11-27T05:00:00Z 1",
            "2026-11-27T21:00:00Z 2",
            "2026-11-27T23:00:00Z 3",
            "2026-11-28T23:00:00Z 3");
    bench.at("2026-12-24T22:00:00Z");
    clockwork.run();
    bench.written();
    bench.at("2026-12-25T20:00:00Z");
    clockwork.run();
    assertThat(bench.written()).as("a special day").containsExactly("2026-12-25T11:00:00Z 5");
    bench.at("2027-03-31T12:00:00Z");
    clockwork.run();
    bench.written();
    bench.at("2027-04-02T00:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .as("the summer season has begun")
        .containsExactly("2027-03-31T20:00:00Z 2", "2027-04-01T06:00:00Z 8");
  }

  @Test
  void lastActionAfterTheClockWasSetOrPowerFailed() {
    write(2);
    bench.clock.set(Instant.parse("2026-11-24T22:00:00Z"));
    assertThat(bench.written()).containsExactly("2026-11-24T22:00:00Z 2");
    bench.clock.set(Instant.parse("2026-11-24T12:00:00Z"));
    assertThat(bench.written()).containsExactly("2026-11-24T12:00:00Z 1");
    bench.at("2026-11-23T19:00:00Z"); // the clock's 21:00
    clockwork.powerFailed(Instant.parse("2026-11-24T14:00:00Z"));
    assertThat(bench.written()).containsExactly("2026-11-24T21:00:00Z 2");
  }

  @Test
  void passiveCalendarBecomesActive() {
    write(6);
    assertThat(clockwork.next()).isEmpty();
    invokes(calendar, 1, new DlmsData.Integer8(0));
    assertThat(bench.written()).as("what is due now").containsExactly("2026-11-23T10:00:00Z 1");
    for (int i = 0; i < 4; i++) {
      assertThat(get(calendar, 2 + i)).isEqualTo(get(calendar, 6 + i));
    }
    accepts(calendar, 9, DlmsData.Array.of(day(1, 0, 9)));
    accepts(calendar, 10, time("2026-11-24T00:00:00Z"));
    bench.at("2026-11-25T00:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .containsExactly(
            "2026-11-23T21:00:00Z 2", "2026-11-24T00:00:00Z 9", "2026-11-24T23:00:00Z 9");
    accepts(calendar, 9, DlmsData.Array.of(day(1, 0, 7)));
    accepts(calendar, 10, time("2026-11-25T12:00:00Z"));
    bench.clock.set(Instant.parse("2026-11-26T12:00:00Z"));
    assertThat(bench.written()).as("skipped").containsExactly("2026-11-26T12:00:00Z 7");
  }

  @Test
  void badValues() {
    write(2);
    refuses(calendar, 2, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(
        calendar,
        3,
        DlmsData.Array.of(season("S", "FFFF0D01FF00000000800000", "W")),
        AccessResult.OTHER_REASON);
    refuses(calendar, 3, DlmsData.Array.of(week("W", 1)), AccessResult.TYPE_UNMATCHED);
    refuses(
        calendar, 4, DlmsData.Array.of(week("W", 1, 2, 3, 4, 5, 6)), AccessResult.TYPE_UNMATCHED);
    refuses(calendar, 5, DlmsData.Array.of(day(1, 0, 1), day(1, 0, 2)), AccessResult.OTHER_REASON);
    refuses(calendar, 5, DlmsData.Array.of(day(1, 24, 1)), AccessResult.OTHER_REASON);
    refuses(calendar, 5, DlmsData.Array.of(day(1, 0xFF, 1)), AccessResult.OTHER_REASON);
    // some of it left open
    refuses(calendar, 10, octets("07EA0B18FFFF00000080 0000"), AccessResult.OTHER_REASON);
  }

  @Test
  void seasonsThatNameYears() {
    write(2);
    accepts(
        calendar,
        3,
        DlmsData.Array.of(
            season("A", "07EA0B19FF00000000800000", "WW"),
            season("B", "07EA0B1AFF00000000800000", "WS")));
    bench.at("2026-11-27T12:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .as("no season before the 25th")
        .containsExactly(
            "2026-11-25T05:00:00Z 1",
            "2026-11-25T21:00:00Z 2",
            "2026-11-26T07:00:00Z 8",
            "2026-11-27T07:00:00Z 8");
  }
}
