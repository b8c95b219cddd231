package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.octets;
import static org.gridwarden.dlms.objects.Bench.refuses;
import static org.gridwarden.dlms.objects.Bench.script;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.junit.jupiter.api.Test;

/** Classes 9, 10, 11 and 22. */
class ScriptsTest {
  private static final ObisCode DAYS = ObisCode.parse("0.0.11.0.0.255");
  private static final ObisCode SCHEDULE = ObisCode.parse("0.0.12.0.0.255");
  private static final ObisCode SINGLE = ObisCode.parse("0.0.15.0.0.255");
  private static final ObisCode OTHERS = ObisCode.parse("0.0.10.0.101.255");
  private static final int ALWAYS = 0xFFFF;

  // a Monday, 11:00 in Berlin
  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final SpecialDaysTable days = new SpecialDaysTable(DAYS, List.of());

  // --- script table

  @Test
  void scriptsAreExecutedByIdentifier() {
    CosemObject table = bench.objects.find(Bench.SCRIPTS).orElseThrow();
    assertThat(table.identity()).isEqualTo(new CosemObject.Identity(9, 0, Bench.SCRIPTS, 2, 1));
    invokes(table, 1, lu(3));
    invokes(table, 1, lu(0));
    assertThat(bench.written()).containsExactly("2026-11-23T10:00:00Z 3");
    assertThat(table.invoke(1, Optional.of(lu(10))).result())
        .isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(table.invoke(1, Optional.of(new DlmsData.Unsigned8(1))).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(table.invoke(1, Optional.empty()).result()).isEqualTo(AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void scriptTableIsWritten() {
    ScriptTable table = bench.objects.add(new ScriptTable(OTHERS, bench.objects, List.of()));
    assertThat(hex(table, 2)).isEqualTo("0100");
    DlmsData.Structure write =
        DlmsData.Structure.of(
            new DlmsData.Enumerated(1),
            lu(1),
            DlmsData.OctetString.of(Bench.NOTES),
            new DlmsData.Integer8(2),
            new DlmsData.Unsigned8(42));
    DlmsData.Structure execute =
        DlmsData.Structure.of(
            new DlmsData.Enumerated(2),
            lu(9),
            DlmsData.OctetString.of(Bench.SCRIPTS),
            new DlmsData.Integer8(1),
            lu(99));
    DlmsData scripts =
        DlmsData.Array.of(DlmsData.Structure.of(lu(1), DlmsData.Array.of(execute, write)));
    accepts(table, 2, scripts);
    // array of 1: structure of 2: id 1, array of 2: execute 99 of the other table; write 42
    assertThat(hex(table, 2))
        .isEqualTo(
            "0101"
                + "0202"
                + "120001"
                + "0102"
                + "0205"
                + "1602"
                + "120009"
                + "090600000A0064FF"
                + "0F01"
                + "120063"
                + "0205"
                + "1601"
                + "120001"
                + "0906000060"
                + "3200FF"
                + "0F02"
                + "112A");
    assertThat(table.execute(1)).as("the first failure").isEqualTo(AccessResult.OBJECT_UNDEFINED);
    assertThat(bench.written())
        .as("and the rest is done")
        .containsExactly("2026-11-23T10:00:00Z 42");
    DlmsData.Structure one = (DlmsData.Structure) ((DlmsData.Array) scripts).get(0);
    refuses(table, 2, DlmsData.Array.of(one, one), AccessResult.OTHER_REASON);
    refuses(
        table,
        2,
        DlmsData.Array.of(DlmsData.Structure.of(lu(0), DlmsData.Array.of())),
        AccessResult.OTHER_REASON);
    refuses(table, 2, one, AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void scriptThatExecutesItselfEnds() {
    ScriptTable table =
        bench.objects.add(
            new ScriptTable(
                OTHERS,
                bench.objects,
                List.of(
                    ScriptTable.Script.of(
                        1,
                        new ScriptTable.Action(2, 9, OTHERS, 1, new DlmsData.LongUnsigned(1))))));
    assertThat(table.execute(1)).isEqualTo(AccessResult.OTHER_REASON);
  }

  // --- special days

  private static DlmsData day(int index, String date, int id) {
    return DlmsData.Structure.of(lu(index), octets(date), new DlmsData.Unsigned8(id));
  }

  @Test
  void specialDays() {
    assertThat(days.identity()).isEqualTo(new CosemObject.Identity(11, 0, DAYS, 2, 2));
    invokes(days, 1, day(1, "FFFF0C19FF", 3)); // every 25 December
    invokes(days, 1, day(2, "07EA0C18FF", 4)); // 24 December 2026
    assertThat(hex(days, 2))
        .isEqualTo(
            "0102"
                + "0203120001"
                + "0905FFFF0C19FF"
                + "1103"
                + "0203120002"
                + "090507EA0C18FF"
                + "1104");
    var rules = Bench.BERLIN.getRules();
    assertThat(days.dayId(LocalDate.of(2030, 12, 25), rules)).hasValue(3);
    assertThat(days.dayId(LocalDate.of(2026, 12, 24), rules)).hasValue(4);
    assertThat(days.dayId(LocalDate.of(2027, 12, 24), rules)).isEmpty();
    invokes(days, 1, day(3, "FFFF0C19FF", 5)); // the same date
    invokes(days, 1, day(2, "07EA0C1FFF", 6)); // the same index
    assertThat(get(days, 2))
        .isEqualTo(DlmsData.Array.of(day(3, "FFFF0C19FF", 5), day(2, "07EA0C1FFF", 6)));
    invokes(days, 2, lu(3));
    assertThat(days.invoke(2, Optional.of(lu(3))).result()).isEqualTo(AccessResult.OTHER_REASON);
    assertThat(days.invoke(1, Optional.of(day(9, "FFFF0D01FF", 1))).result())
        .as("month 13")
        .isEqualTo(AccessResult.OTHER_REASON);
    accepts(days, 2, DlmsData.Array.of(day(1, "FFFF0101FF", 1)));
    refuses(
        days,
        2,
        DlmsData.Array.of(day(1, "FFFF0101FF", 1), day(1, "FFFF0102FF", 1)),
        AccessResult.OTHER_REASON);
    refuses(days, 2, lu(1), AccessResult.TYPE_UNMATCHED);
  }

  // --- schedule

  /** Every day at a time, as a structure. */
  private static DlmsData entry(int index, int script, String time, int window, String weekdays) {
    return entry(index, script, time, window, weekdays, "FFFFFFFFFF", "FFFFFFFFFF");
  }

  private static DlmsData entry(
      int index, int script, String time, int window, String weekdays, String begin, String end) {
    return DlmsData.Structure.of(
        lu(index),
        new DlmsData.Bool(true),
        DlmsData.OctetString.of(Bench.SCRIPTS),
        lu(script),
        octets(time),
        lu(window),
        bits(weekdays),
        bits("0001"), // special days of day_id 3
        octets(begin),
        octets(end));
  }

  private static DlmsData.BitString bits(String text) {
    byte[] bytes = new byte[(text.length() + 7) / 8];
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '1') {
        bytes[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return DlmsData.BitString.of(bytes, text.length());
  }

  private Schedule schedule(DlmsData... entries) {
    Schedule schedule = new Schedule(SCHEDULE, bench.clock, bench.objects, days, List.of());
    assertThat(schedule.set(2, DlmsData.Array.of(entries))).isEqualTo(AccessResult.SUCCESS);
    return schedule;
  }

  private Clockwork clockwork(Timed object) {
    return new Clockwork(bench.clock, List.of(object), Duration.ofDays(400));
  }

  @Test
  void scheduleGoesByWeekdayAndSpecialDay() {
    invokes(days, 1, day(1, "07EA0B19FF", 3)); // Wednesday 25 November
    invokes(days, 1, day(2, "07EA0B1AFF", 4)); // Thursday 26 November
    // 12:00 in Berlin, Mondays, Thursdays and Sundays
    Schedule schedule = schedule(entry(1, 1, "0C000000", 0, "1001001"));
    Clockwork clockwork = clockwork(schedule);
    bench.at("2026-12-01T00:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .as("Thursday is a special day of another id")
        .containsExactly(
            "2026-11-23T11:00:00Z 1",
            "2026-11-25T11:00:00Z 1",
            "2026-11-29T11:00:00Z 1",
            "2026-11-30T11:00:00Z 1");
    assertThat(schedule.identity()).isEqualTo(new CosemObject.Identity(10, 0, SCHEDULE, 2, 3));
  }

  @Test
  void scheduleBytes() {
    Schedule schedule = schedule(entry(7, 2, "0C1E0000", 60, "1111100"));
    // index, enable, script table, selector, switch time, window, weekdays, special days, dates
    assertThat(hex(schedule, 2))
        .isEqualTo(
            "0101"
                + "020A"
                + "120007"
                + "0301"
                + "090600000A0064FF"
                + "120002"
                + "09040C1E0000"
                + "12003C"
                + "0407F8"
                + "040410"
                + "0905FFFFFFFFFF"
                + "0905FFFFFFFFFF");
  }

  @Test
  void atOneMomentByIndexAndEachScriptOnce() {
    Schedule schedule =
        schedule(
            entry(5, 1, "0C000000", 0, "1111111"),
            entry(3, 2, "0C000000", 0, "1111111"),
            entry(9, 2, "0C000000", 0, "1111111"));
    Clockwork clockwork = clockwork(schedule);
    bench.at("2026-11-23T11:30:00Z");
    clockwork.run();
    assertThat(bench.written()).containsExactly("2026-11-23T11:00:00Z 2", "2026-11-23T11:00:00Z 1");
  }

  @Test
  void dateRanges() {
    Schedule schedule =
        schedule(
            entry(1, 1, "0C000000", 0, "1111111", "07EA0B18FF", "07EA0B19FF"),
            // every year from 30 November to 1 December, and over New Year
            entry(2, 2, "0C000000", 0, "1111111", "FFFF0B1EFF", "FFFF0C01FF"),
            entry(3, 3, "0C000000", 0, "1111111", "FFFF0C1FFF", "FFFF0101FF"));
    Clockwork clockwork = clockwork(schedule);
    bench.at("2027-01-10T00:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .containsExactly(
            "2026-11-24T11:00:00Z 1",
            "2026-11-25T11:00:00Z 1",
            "2026-11-30T11:00:00Z 2",
            "2026-12-01T11:00:00Z 2",
            "2026-12-31T11:00:00Z 3",
            "2027-01-01T11:00:00Z 3");
  }

  @Test
  void whatWasMissedIsMadeUpForInsideItsWindow() {
    Schedule schedule =
        schedule(
            entry(1, 1, "0C000000", ALWAYS, "1111111"), // 11:00 UTC
            entry(2, 2, "0C1E0000", 30, "1111111"), // 11:30, until 12:00
            entry(3, 3, "0C2D0000", 30, "1111111"), // 11:45, until 12:15
            entry(4, 4, "0C3A0000", 0, "1111111")); // 11:58, never later
    Clockwork clockwork = clockwork(schedule);
    bench.at("2026-11-23T12:05:00Z");
    clockwork.powerFailed(Instant.parse("2026-11-23T10:00:00Z"));
    assertThat(bench.written()).containsExactly("2026-11-23T12:05:00Z 1", "2026-11-23T12:05:00Z 3");
    // set forward by a day is the same; each entry is made up for once
    bench.clock.set(Instant.parse("2026-11-24T11:40:00Z"));
    assertThat(bench.written()).containsExactly("2026-11-24T11:40:00Z 1", "2026-11-24T11:40:00Z 2");
    // set back: again
    bench.clock.set(Instant.parse("2026-11-24T11:20:00Z"));
    bench.at("2026-11-23T12:20:00Z");
    clockwork.run();
    assertThat(bench.written()).containsExactly("2026-11-24T11:30:00Z 2");
  }

  @Test
  void daylightSavingExecutesWhatItSkipsAndNothingTwice() {
    bench.at("2026-03-28T12:00:00Z");
    Schedule schedule =
        schedule(entry(1, 1, "021E0000", 0, "1111111"), entry(2, 2, "020A0000", 0, "1111111"));
    Clockwork clockwork = clockwork(schedule);
    bench.at("2026-03-29T12:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .as("02:10 and 02:30 do not come, but are executed in their order")
        .containsExactly("2026-03-29T01:00:00Z 2", "2026-03-29T01:00:00Z 1");
    bench.at("2026-10-24T12:00:00Z");
    clockwork.run();
    bench.written();
    bench.at("2026-10-25T12:00:00Z");
    clockwork.run();
    assertThat(bench.written()).containsExactly("2026-10-25T00:10:00Z 2", "2026-10-25T00:30:00Z 1");
  }

  @Test
  void scheduleMethods() {
    Schedule schedule =
        schedule(
            entry(1, 1, "0C000000", 0, "1111111"),
            entry(2, 2, "0C000000", 0, "1111111"),
            entry(3, 3, "0C000000", 0, "1111111"));
    assertThat(enabled(schedule)).containsExactly(1, 2, 3);
    invokes(schedule, 1, DlmsData.Structure.of(lu(1), lu(2), lu(2), lu(2)));
    assertThat(enabled(schedule)).containsExactly(2, 3);
    invokes(schedule, 1, DlmsData.Structure.of(lu(3), lu(1), lu(10_000), lu(10_000)));
    assertThat(enabled(schedule)).as("empty ranges").containsExactly(2, 3);
    invokes(schedule, 2, entry(2, 9, "0D000000", 0, "1111111"));
    invokes(schedule, 2, entry(4, 4, "0D000000", 0, "1111111"));
    assertThat(enabled(schedule)).containsExactly(2, 3, 4);
    invokes(schedule, 3, DlmsData.Structure.of(lu(2), lu(3)));
    assertThat(((DlmsData.Array) get(schedule, 2)).size()).isEqualTo(2);
    for (DlmsData bad :
        List.of(
            entry(0, 1, "0C000000", 0, "1111111"),
            entry(10_000, 1, "0C000000", 0, "1111111"),
            entry(1, 1, "18000000", 0, "1111111"))) {
      assertThat(schedule.invoke(2, Optional.of(bad)).result())
          .isEqualTo(AccessResult.OTHER_REASON);
    }
    assertThat(schedule.invoke(2, Optional.of(entry(1, 1, "0C000000", 0, "11111"))).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    assertThat(schedule.invoke(3, Optional.of(lu(1))).result())
        .isEqualTo(AccessResult.TYPE_UNMATCHED);
    DlmsData one = entry(1, 1, "0C000000", 0, "1111111");
    refuses(schedule, 2, DlmsData.Array.of(one, one), AccessResult.OTHER_REASON);
  }

  private static List<Integer> enabled(Schedule schedule) {
    return ((DlmsData.Array) get(schedule, 2))
        .elements().stream()
            .map(DlmsData.Structure.class::cast)
            .filter(e -> ((DlmsData.Bool) e.get(1)).value())
            .map(e -> ((DlmsData.LongUnsigned) e.get(0)).value())
            .toList();
  }

  // --- single action schedule

  private static DlmsData times(String... timesAndDates) {
    DlmsData[] all = new DlmsData[timesAndDates.length / 2];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          DlmsData.Structure.of(octets(timesAndDates[2 * i]), octets(timesAndDates[2 * i + 1]));
    }
    return DlmsData.Array.of(all);
  }

  @Test
  void singleActionAtTheEndOfBilling() {
    SingleActionSchedule single =
        new SingleActionSchedule(SINGLE, bench.clock, bench.objects, script(1), 1, List.of());
    assertThat(single.identity()).isEqualTo(new CosemObject.Identity(22, 0, SINGLE, 4, 0));
    assertThat(single.next(bench.instant())).isEmpty();
    accepts(single, 4, times("00000000", "FFFFFF01FF"));
    // structure of 2: script table, selector; enum 1; array of 1: midnight, every first
    assertThat(hex(single, 2) + hex(single, 3) + hex(single, 4))
        .isEqualTo(
            "0202"
                + "090600000A0064FF"
                + "120001"
                + "1601"
                + "0101"
                + "0202"
                + "090400000000"
                + "0905FFFFFF01FF");
    Clockwork clockwork = clockwork(single);
    bench.at("2027-01-15T00:00:00Z");
    clockwork.run();
    assertThat(bench.written()).containsExactly("2026-11-30T23:00:00Z 1", "2026-12-31T23:00:00Z 1");
    accepts(single, 2, script(4).data());
    refuses(single, 2, lu(4), AccessResult.TYPE_UNMATCHED);
  }

  @Test
  void typesOfExecutionTimes() {
    SingleActionSchedule single =
        new SingleActionSchedule(SINGLE, bench.clock, bench.objects, script(1), 1, List.of());
    DlmsData twoDates = times("0C000000", "07EA0B18FF", "0C000000", "07EA0B19FF");
    DlmsData twoTimes = times("0C000000", "07EA0B18FF", "0D000000", "07EA0B18FF");
    DlmsData open = times("0C000000", "FFFFFFFF01", "0D000000", "FFFFFFFF01");
    refuses(single, 4, twoDates, AccessResult.OTHER_REASON);
    accepts(single, 3, new DlmsData.Enumerated(2));
    accepts(single, 4, twoDates);
    refuses(single, 4, twoTimes, AccessResult.OTHER_REASON);
    accepts(single, 3, new DlmsData.Enumerated(4));
    accepts(single, 4, twoTimes);
    refuses(single, 3, new DlmsData.Enumerated(3), AccessResult.OTHER_REASON);
    refuses(single, 4, open, AccessResult.OTHER_REASON);
    accepts(single, 3, new DlmsData.Enumerated(5));
    accepts(single, 4, open);
    refuses(single, 3, new DlmsData.Enumerated(1), AccessResult.OTHER_REASON);
    refuses(single, 3, new DlmsData.Enumerated(6), AccessResult.OTHER_REASON);
    refuses(single, 4, times("0C0000", "FFFFFFFF01"), AccessResult.TYPE_UNMATCHED);
    Clockwork clockwork = clockwork(single);
    bench.at("2026-11-30T18:00:00Z");
    clockwork.run();
    assertThat(bench.written())
        .containsExactly(
            "2026-11-23T11:00:00Z 1",
            "2026-11-23T12:00:00Z 1",
            "2026-11-30T11:00:00Z 1",
            "2026-11-30T12:00:00Z 1");
  }
}
