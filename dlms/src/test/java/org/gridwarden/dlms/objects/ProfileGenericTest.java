package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.objects.Bench.accepts;
import static org.gridwarden.dlms.objects.Bench.dlu;
import static org.gridwarden.dlms.objects.Bench.get;
import static org.gridwarden.dlms.objects.Bench.hex;
import static org.gridwarden.dlms.objects.Bench.invokes;
import static org.gridwarden.dlms.objects.Bench.lu;
import static org.gridwarden.dlms.objects.Bench.number;
import static org.gridwarden.dlms.objects.Bench.refuses;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Class 7. */
class ProfileGenericTest {
  private static final ObisCode PROFILE = ObisCode.parse("1.0.99.1.0.255");
  private static final ObisCode OTHER = ObisCode.parse("1.0.99.2.0.255");
  private static final ObisCode VALUE = ObisCode.parse("1.0.1.8.0.255");
  private static final CaptureObject TIME = CaptureObject.of(8, Bench.CLOCK, 2);
  private static final CaptureObject NUMBER = CaptureObject.of(3, VALUE, 2);
  private static final DlmsData ZERO = new DlmsData.Integer8(0);

  private final Bench bench = new Bench("2026-11-23T10:00:00Z");
  private final Variable value = new Variable(new DlmsData.DoubleLong(0));

  ProfileGenericTest() {
    bench.objects.add(new Register(VALUE, value, 0, Unit.WATT_HOUR));
  }

  private ProfileGeneric profile(
      ObisCode name, long period, SortMethod method, int entries, CaptureObject... columns) {
    return bench.objects.add(
        new ProfileGeneric(
            name,
            bench.clock,
            bench.objects,
            List.of(columns),
            period,
            method,
            method.isSorted() ? NUMBER : CaptureObject.NONE,
            entries));
  }

  private void capture(ProfileGeneric profile, int... values) {
    for (int v : values) {
      value.set(new DlmsData.DoubleLong(v));
      invokes(profile, 2, ZERO);
      bench.at(bench.instant().plusSeconds(60).toString());
    }
  }

  private static List<Long> numbers(DlmsData rows, int column) {
    return ((DlmsData.Array) rows)
        .elements().stream()
            .map(row -> ((DlmsData.Whole) ((DlmsData.Structure) row).get(column)).asLong())
            .toList();
  }

  @Test
  void attributes() {
    ProfileGeneric profile = profile(PROFILE, 900, SortMethod.FIFO, 10, TIME, NUMBER);
    assertThat(profile.identity()).isEqualTo(new CosemObject.Identity(7, 1, PROFILE, 8, 2));
    assertThat(hex(profile, 2)).isEqualTo("0100");
    // array of 2: class, name, attribute, data index
    assertThat(hex(profile, 3))
        .isEqualTo(
            "0102"
                + ("0204" + "120008" + "09060000010000FF" + "0F02" + "120000")
                + ("0204" + "120003" + "09060100010800FF" + "0F02" + "120000"));
    assertThat(hex(profile, 4)).isEqualTo("0600000384");
    assertThat(hex(profile, 5)).isEqualTo("1601");
    assertThat(hex(profile, 6))
        .isEqualTo("0204" + "120000" + "0906000000000000" + "0F00" + "120000");
    assertThat(hex(profile, 7)).isEqualTo("0600000000");
    assertThat(hex(profile, 8)).isEqualTo("060000000A");
    capture(profile, 5);
    // array of 1: structure of 2: 2026-11-23 Monday 11:00:00 deviation -60; double-long 5
    assertThat(hex(profile, 2))
        .isEqualTo("0101" + "0202" + "090C07EA0B17010B000000FFC400" + "0500000005");
    assertThat(number(profile, 7)).isEqualTo(1);
    refuses(profile, 2, DlmsData.Array.of(), AccessResult.READ_WRITE_DENIED);
    refuses(profile, 7, dlu(0), AccessResult.READ_WRITE_DENIED);
  }

  @ParameterizedTest
  @CsvSource({
    "FIFO, '7 -9 2'",
    "LIFO, '2 -9 7'",
    "LARGEST, '7 5 2'",
    "SMALLEST, '-9 -3 2'",
    "NEAREST_TO_ZERO, '2 -3 5'",
    "FARTHEST_FROM_ZERO, '-9 7 5'",
  })
  void sortMethods(SortMethod method, String expected) {
    ProfileGeneric profile = profile(PROFILE, 0, method, 3, TIME, NUMBER);
    capture(profile, 5, -3, 7, -9, 2);
    assertThat(numbers(get(profile, 2), 1))
        .isEqualTo(java.util.Arrays.stream(expected.split(" ", -1)).map(Long::valueOf).toList());
    assertThat(number(profile, 5)).isEqualTo(method.code());
    // by entry: in the buffer's order
    assertThat(numbers(select(profile, Selection.entries(1, 1)), 1))
        .containsExactly(Long.valueOf(expected.split(" ", -1)[0]));
    invokes(profile, 1, ZERO);
    assertThat(number(profile, 7)).isZero();
  }

  @Test
  void ofEqualValuesTheOlderComesFirst() {
    ProfileGeneric profile = profile(PROFILE, 0, SortMethod.LARGEST, 2, TIME, NUMBER);
    capture(profile, 4, 4, 4);
    DlmsData.Array rows = (DlmsData.Array) get(profile, 2);
    assertThat(((DlmsData.Structure) rows.get(1)).get(0))
        .as("the third is not retained")
        .isEqualTo(Bench.time("2026-11-23T10:01:00Z"));
  }

  private static DlmsData select(ProfileGeneric profile, Selection selection) {
    Outcome outcome = profile.get(2, Optional.of(selection));
    assertThat(outcome).isInstanceOf(Outcome.Value.class);
    return ((Outcome.Value) outcome).data();
  }

  @Test
  void capturesRunThroughDaylightSaving() {
    bench.at("2026-10-24T22:00:00Z"); // midnight of a day of 25 hours
    ProfileGeneric quarters = profile(PROFILE, 900, SortMethod.FIFO, 200, TIME, NUMBER);
    ProfileGeneric daily = profile(OTHER, 86_400, SortMethod.FIFO, 10, TIME, NUMBER);
    Clockwork clockwork = new Clockwork(bench.clock, List.of(quarters, daily), Duration.ofDays(3));
    bench.at("2026-10-25T23:00:00Z");
    clockwork.run();
    assertThat(number(quarters, 7)).isEqualTo(100);
    assertThat(hex(daily, 2)).contains("07EA0A1A0100000000FFC400").startsWith("0101");
    // 02:00 to 02:45 comes with daylight saving and without
    DlmsData twice =
        select(
            quarters,
            range(local(2026, 10, 25, 2, 0, -120, 0x80), local(2026, 10, 25, 2, 45, -60, 0)));
    assertThat(((DlmsData.Array) twice).size()).isEqualTo(8);
    assertThat(
            ((DlmsData.Array)
                    select(
                        quarters,
                        range(
                            local(2026, 10, 25, 2, 0, -60, 0), local(2026, 10, 25, 2, 45, -60, 0))))
                .size())
        .isEqualTo(4);
  }

  private static CosemDateTime local(
      int year, int month, int day, int hour, int minute, int deviation, int status) {
    return new CosemDateTime(year, month, day, 0xFF, hour, minute, 0, 0xFF, deviation, status);
  }

  private static Selection range(CosemDateTime from, CosemDateTime to) {
    return Selection.range(from, to);
  }

  @Test
  void shortDayHas92Quarters() {
    bench.at("2026-03-28T23:00:00Z");
    ProfileGeneric quarters = profile(PROFILE, 900, SortMethod.FIFO, 200, TIME);
    Clockwork clockwork = new Clockwork(bench.clock, List.of(quarters), Duration.ofDays(3));
    bench.at("2026-03-29T22:00:00Z");
    clockwork.run();
    assertThat(number(quarters, 7)).isEqualTo(92);
  }

  // --- selection

  private ProfileGeneric five() {
    ProfileGeneric profile = profile(PROFILE, 0, SortMethod.FIFO, 5, TIME, NUMBER, NUMBER);
    capture(profile, 99, 1, 2, 3, 4, 5); // a minute apart; 1 is at 10:01
    return profile;
  }

  private static Selection entries(long from, long to, int fromColumn, int toColumn) {
    return new Selection(
        Selection.BY_ENTRY,
        DlmsData.Structure.of(dlu(from), dlu(to), lu(fromColumn), lu(toColumn)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, '1 2 3 4 5'",
    "2, 4, '2 3 4'",
    "5, 5, '5'",
    "4, 9, '4 5'",
    "6, 0, ''",
    "6, 9, ''",
    "4, 3, ''",
    "1, 4294967295, '1 2 3 4 5'",
    "4294967295, 0, ''",
  })
  void byEntry(long from, long to, String expected) {
    DlmsData rows = select(five(), entries(from, to, 1, 0));
    assertThat(numbers(rows, 1))
        .isEqualTo(
            expected.isEmpty()
                ? List.of()
                : java.util.Arrays.stream(expected.split(" ", -1)).map(Long::valueOf).toList());
  }

  @Test
  void byEntryWithColumns() {
    ProfileGeneric profile = five();
    assertThat(hex(select(profile, entries(1, 2, 2, 2))))
        .isEqualTo("0102" + "0201" + "0500000001" + "0201" + "0500000002");
    assertThat(hex(select(profile, entries(1, 1, 2, 0)))).startsWith("0101" + "0202");
    assertThat(hex(select(profile, entries(1, 1, 1, 9)))).startsWith("0101" + "0203");
    assertThat(hex(select(profile, entries(1, 1, 3, 2)))).isEqualTo("0100");
    assertThat(hex(select(profile, entries(1, 1, 9, 0)))).isEqualTo("0100");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T10:02:00Z, 2026-11-23T10:04:00Z, '2 3 4'",
    "2026-11-23T10:02:01Z, 2026-11-23T10:03:59Z, '3'",
    "2026-11-23T09:00:00Z, 2026-11-23T10:01:00Z, '1'",
    "2026-11-23T10:05:00Z, 2026-11-23T23:00:00Z, '5'",
    "2026-11-23T10:06:00Z, 2026-11-23T23:00:00Z, ''",
    "2026-11-23T10:04:00Z, 2026-11-23T10:02:00Z, ''",
  })
  void byRange(Instant from, Instant to, String expected) {
    DlmsData rows =
        select(
            five(),
            range(CosemDateTime.of(from, Bench.BERLIN), CosemDateTime.of(to, Bench.BERLIN)));
    assertThat(numbers(rows, 1))
        .isEqualTo(
            expected.isEmpty()
                ? List.of()
                : java.util.Arrays.stream(expected.split(" ", -1)).map(Long::valueOf).toList());
  }

  private static Selection by(
      CaptureObject restricting, DlmsData from, DlmsData to, CaptureObject... columns) {
    return new Selection(
        Selection.BY_RANGE,
        DlmsData.Structure.of(
            restricting.data(),
            from,
            to,
            DlmsData.Array.of(List.of(columns).stream().map(CaptureObject::data).toList())));
  }

  @Test
  void byRangeOfOtherThings() {
    ProfileGeneric profile = five();
    DlmsData open = DlmsData.OctetString.of(CosemDateTime.UNSPECIFIED);
    // a local time without deviation, and an open end
    assertThat(
            numbers(
                select(
                    profile,
                    by(
                        TIME,
                        DlmsData.OctetString.of(
                            local(2026, 11, 23, 11, 4, CosemDateTime.NO_DEVIATION, 0xFF)),
                        open)),
                1))
        .containsExactly(4L, 5L);
    assertThat(numbers(select(profile, by(TIME, open, open)), 1)).hasSize(5);
    // by another column, in another type
    assertThat(numbers(select(profile, by(NUMBER, lu(2), lu(3))), 1)).containsExactly(2L, 3L);
    // only some columns, in the order that is asked for
    assertThat(hex(select(profile, by(NUMBER, lu(2), lu(2), NUMBER, TIME))))
        .isEqualTo("0101" + "0202" + "0500000002" + "090C07EA0B17010B020000FFC400");
  }

  @Test
  void badSelections() {
    ProfileGeneric profile = five();
    refused(profile, entries(0, 1, 1, 0), AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    refused(profile, entries(1, 1, 0, 0), AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    refused(
        profile,
        new Selection(2, DlmsData.Structure.of(lu(1), dlu(1), lu(1), lu(0))),
        AccessResult.TYPE_UNMATCHED);
    refused(
        profile,
        new Selection(2, DlmsData.Structure.of(dlu(1), dlu(1), lu(1))),
        AccessResult.TYPE_UNMATCHED);
    refused(profile, new Selection(1, dlu(1)), AccessResult.TYPE_UNMATCHED);
    refused(profile, new Selection(3, dlu(1)), AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    DlmsData at = Bench.time("2026-11-23T10:01:00Z");
    CaptureObject absent = CaptureObject.of(3, ObisCode.parse("1.0.2.8.0.255"), 2);
    refused(profile, by(absent, lu(1), lu(1)), AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    refused(profile, by(TIME, at, at, absent), AccessResult.SCOPE_OF_ACCESS_VIOLATED);
    refused(profile, by(TIME, at, DlmsData.OctetString.of()), AccessResult.TYPE_UNMATCHED);
    // half a date
    refused(
        profile,
        by(TIME, at, DlmsData.OctetString.of(local(0xFFFF, 11, 23, 11, 4, 0, 0))),
        AccessResult.OTHER_REASON);
  }

  private static void refused(ProfileGeneric profile, Selection selection, AccessResult why) {
    assertThat(profile.get(2, Optional.of(selection))).isEqualTo(new Outcome.Refused(why));
  }

  // --- what it is

  @Test
  void changesOfShapeReset() {
    ProfileGeneric profile = profile(PROFILE, 0, SortMethod.FIFO, 5, TIME, NUMBER);
    capture(profile, 1, 2);
    accepts(profile, 4, dlu(60));
    assertThat(number(profile, 7)).as("a period is no shape").isEqualTo(2);
    refuses(profile, 5, new DlmsData.Enumerated(3), AccessResult.OTHER_REASON);
    accepts(profile, 6, NUMBER.data());
    accepts(profile, 5, new DlmsData.Enumerated(3));
    assertThat(number(profile, 7)).isZero();
    capture(profile, 1, 3, 2);
    assertThat(numbers(get(profile, 2), 1)).containsExactly(3L, 2L, 1L);
    accepts(profile, 8, dlu(2));
    capture(profile, 1, 3, 2);
    assertThat(numbers(get(profile, 2), 1)).containsExactly(3L, 2L);
    refuses(profile, 3, DlmsData.Array.of(TIME.data()), AccessResult.OTHER_REASON);
    refuses(profile, 6, CaptureObject.NONE.data(), AccessResult.OTHER_REASON);
    refuses(profile, 8, dlu(0), AccessResult.OTHER_REASON);
    refuses(profile, 8, dlu(6), AccessResult.OTHER_REASON);
    refuses(profile, 8, lu(1), AccessResult.TYPE_UNMATCHED);
    refuses(profile, 5, new DlmsData.Enumerated(7), AccessResult.OTHER_REASON);
    accepts(profile, 5, new DlmsData.Enumerated(2));
    accepts(profile, 3, DlmsData.Array.of(TIME.data()));
    assertThat(get(profile, 6)).as("no longer a column").isEqualTo(CaptureObject.NONE.data());
    capture(profile, 1);
    assertThat(hex(profile, 2)).startsWith("0101" + "0201" + "090C");
  }

  @Test
  void captureObjectsAreOtherObjects() {
    ProfileGeneric profile = profile(PROFILE, 0, SortMethod.FIFO, 5, TIME);
    ProfileGeneric outer = profile(OTHER, 0, SortMethod.FIFO, 5);
    CaptureObject own = CaptureObject.of(7, PROFILE, 2);
    refuses(profile, 3, DlmsData.Array.of(own.data()), AccessResult.OTHER_REASON);
    refuses(
        profile,
        3,
        DlmsData.Array.of(CaptureObject.of(3, ObisCode.parse("1.0.2.8.0.255"), 2).data()),
        AccessResult.OBJECT_UNDEFINED);
    refuses(
        profile,
        3,
        DlmsData.Array.of(CaptureObject.of(4, VALUE, 2).data()),
        AccessResult.OBJECT_UNDEFINED);
    refuses(
        profile,
        3,
        DlmsData.Array.of(CaptureObject.of(3, VALUE, 4).data()),
        AccessResult.OBJECT_UNDEFINED);
    refuses(profile, 3, TIME.data(), AccessResult.TYPE_UNMATCHED);
    // the other one captures it, so it cannot capture the other one
    accepts(outer, 3, DlmsData.Array.of(own.data()));
    refuses(
        profile,
        3,
        DlmsData.Array.of(CaptureObject.of(7, OTHER, 2).data()),
        AccessResult.OTHER_REASON);
    capture(profile, 1);
    capture(outer, 1);
    assertThat(number(outer, 7)).isEqualTo(1);
    invokes(profile, 1, ZERO);
    assertThat(number(outer, 7)).as("a reset reaches who captures it").isZero();
  }

  @Test
  void partsOfAttributes() {
    ProfileGeneric inner = profile(OTHER, 0, SortMethod.FIFO, 5, TIME, NUMBER);
    capture(inner, 7, 8);
    ProfileGeneric profile =
        profile(
            PROFILE,
            0,
            SortMethod.FIFO,
            5,
            // the unit; a part that there is not; a simple attribute; a column; a whole object
            new CaptureObject(NUMBER.attribute(), 1),
            new CaptureObject(CaptureObject.of(3, VALUE, 3).attribute(), 2),
            new CaptureObject(CaptureObject.of(3, VALUE, 3).attribute(), 3),
            new CaptureObject(CaptureObject.of(7, OTHER, 2).attribute(), 2),
            CaptureObject.of(3, VALUE, 0),
            CaptureObject.of(3, ObisCode.parse("1.0.2.8.0.255"), 2));
    capture(profile, 9);
    assertThat(hex(profile, 2))
        .isEqualTo(
            "0101"
                + "0206"
                + "0500000009"
                + "161E"
                + "00"
                + ("0102" + "0500000007" + "0500000008")
                + ("0203" + "09060100010800FF" + "0500000009" + "02020F00161E")
                + "00");
  }

  @Test
  void rowsThatAreMadeElsewhere() {
    DlmsData.Structure row = DlmsData.Structure.of(Bench.time("2026-11-23T10:00:00Z"), dlu(1));
    ProfileGeneric made =
        new ProfileGeneric(PROFILE, bench.clock, List.of(TIME, NUMBER), 900, 1, () -> List.of(row));
    assertThat(get(made, 2)).isEqualTo(DlmsData.Array.of(row));
    assertThat(made.next(bench.instant())).isEmpty();
    for (int attribute : new int[] {4, 8}) {
      refuses(made, attribute, dlu(1), AccessResult.READ_WRITE_DENIED);
    }
    refuses(made, 5, new DlmsData.Enumerated(2), AccessResult.READ_WRITE_DENIED);
    assertThat(made.invoke(1, Optional.empty()).result()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThat(made.invoke(2, Optional.empty()).result()).isEqualTo(AccessResult.READ_WRITE_DENIED);
    assertThatThrownBy(() -> profile(OTHER, 0, SortMethod.LARGEST, 5, TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
